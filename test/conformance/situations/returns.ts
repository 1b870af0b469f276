import { due, ownOutage, promised, promptly, silenceOf } from '../promises.ts';
import type { Scene } from '../scene.ts';
import { fact, listenOn, nothing, type Situation, seconds } from './situation.ts';
import { goneInTime, watchUntilGone } from './vanishing.ts';

/** Rows about the way back: outages in a row, a slow network, how often it is tried, and giving up. */
export const returns: readonly Situation[] = [
  twoInARow(),
  slow(),
  attempts(),
  givesUp(),
  isForgotten(25_000),
  isForgotten(promised.sessionKeep),
];

/** Each outage is told once, in its own order. */
function twoInARow(): Situation {
  const [ms, apart] = [7_000, 3_000];
  return {
    name: `two outages of ${seconds(ms)}, ${seconds(apart)} apart`,
    promises: 'C-11 C-17 C-21',
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', ms);
      scene.mark('first healed', scene.person('A').network.heal(), 'heal the network of A');
      await scene.after('first healed', apart);
      await scene.cut('A');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [
        ['first healed', 'healed'].flatMap((mark) =>
          ownOutage(scene, 'A', ms, promptly(scene, mark, promised.back)),
        ),
      ],
      B: nothing,
    },
  };
}

/** A reconnection before 4 s is invisible, up to round trips of 300 ms. */
function slow(): Situation {
  const ms = 2_000;
  return {
    name: `outage of ${seconds(ms)} at a round trip of 300 ms`,
    promises: 'C-11',
    parts: { A: { network: 'slow' } },
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: nothing },
  };
}

/** In the dark connections are taken and stay silent, so that each of them is seen. */
function attempts(): Situation {
  const ms = 34_000;
  return {
    name: `outage of ${seconds(ms)}, how often a way back is tried`,
    promises: 'C-17',
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownOutage(scene, 'A', ms, promptly(scene, 'healed', promised.back))],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'healed' })],
    },
    facts(scene) {
      const { packets } = scene.person('A');
      const [cutAt, healedAt] = [scene.marked('cut') ?? 0, scene.marked('healed') ?? 0];
      const at = packets.attempts.filter((each) => each > cutAt && each < healedAt);
      const first = (at[0] ?? healedAt) - cutAt;
      const tooRare = [...at, healedAt].find((each, i) => {
        const before = at[i - 1];
        const mostMs = each - cutAt <= promised.eager ? promised.eagerAttempt : promised.patientAttempt;
        return before !== undefined && each - before > mostMs + promised.lateness;
      });
      const text = `attempts ${at.map((each) => each - cutAt).join(', ')} ms after the last packet`;
      const late = first > promised.firstAttempt + promised.lateness;
      return { findings: late || tooRare !== undefined ? [fact('A', 'C-10 C-17', text)] : [] };
    },
  };
}

/** The server tells its clients when to give up; without that they never do. */
function givesUp(): Situation {
  const giveUpMs = 12_000;
  return {
    name: `outage for good, clients give up after ${seconds(giveUpMs)}`,
    promises: 'C-12',
    limits: { giveUpMs },
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', promised.peerOffline + listenOn);
      // What the dark has held back is not A's.
      scene.heal('A');
      await scene.after('healed', 500);
    },
    told: {
      A: (scene) => [[...ownOutage(scene, 'A', giveUpMs), ...failure(scene, giveUpMs)]],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })],
    },
    facts: leavesNothing,
  };
}

/** A session that does not come back is listed by the server until it is forgotten. */
function isForgotten(keepMs: number): Situation {
  const isDefault = keepMs === promised.sessionKeep;
  return {
    name: `outage for good, sessions are kept for ${seconds(keepMs)}`,
    promises: 'section 1, sessionKeepMs',
    ...(isDefault ? { long: true } : { limits: { sessionKeepMs: keepMs } }),
    async play(scene) {
      const { uid, packets } = scene.person('A');
      await scene.cut('A');
      scene.mark('last packet', packets.lastBefore('up', Date.now()));
      const isListed = async () => (await scene.view())?.users.some((user) => user.uid === uid) ?? false;
      await watchUntilGone(scene, isListed, { mark: 'last packet', ms: keepMs });
    },
    told: {
      A: (scene) => [ownOutage(scene, 'A', keepMs)],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })],
    },
    facts: (scene) => goneInTime(scene, 'session', { mark: 'last packet', ms: keepMs }),
  };
}

function failure(scene: Scene, giveUpMs: number) {
  const timing = {
    text: 'the last packet to A',
    since: (at: number) => scene.person('A').packets.lastBefore('down', at),
    atLeastMs: giveUpMs,
    atMostMs: giveUpMs + promised.lateness,
  };
  return due(scene.dialect('A').failed('gave up', 'away'), 'C-12', timing, 'gave up');
}

function leavesNothing(scene: Scene) {
  const { connectionCount } = scene.person('A').network;
  const text = `${connectionCount} connections of A were left`;
  return { findings: connectionCount > 0 ? [fact('A', 'C-14', text)] : [] };
}
