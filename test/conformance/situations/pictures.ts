import { classOf } from '../dialects.ts';
import type { Expected } from '../judge.ts';
import {
  arrivalOf,
  due,
  inTime,
  ownJoin,
  ownLeave,
  ownOutage,
  promised,
  promptly,
  silenceOf,
} from '../promises.ts';
import type { Scene } from '../scene.ts';
import { listenOn, nothing, type Situation, seconds } from './situation.ts';

/** Rows about who is told of whom: observers of two classes, observers that are away, users without a stream, roles. */
export const pictures: readonly Situation[] = [
  twoObservers(15_000),
  leavesWhileAway(),
  awayAndBackWhileAway(),
  goneWhileAway(),
  newcomerWhileAway(),
  leftAndBackWhileAway(),
  outageWithoutStream(15_000),
  outageWithoutStream(24_000),
  unpublishes(),
  becomesAudience(),
  audience(),
  otherProfile(),
];

const backAfterHealing = (scene: Scene) => promptly(scene, 'healed', promised.back);

/** One channel, one outage, two classes: each is told by its own limit. */
function twoObservers(ms: number): Situation {
  return {
    name: `outage of ${seconds(ms)}, seen by two classes in one channel`,
    promises: 'C-20',
    third: true,
    parts: { C: { otherClass: true } },
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownOutage(scene, 'A', ms, backAfterHealing(scene))],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'healed' })],
      C: (scene) => [silenceOf(scene, 'C', 'A', { ms, back: 'healed' })],
    },
  };
}

/** What happened during B's own outage is told at its return, once. */
function leavesWhileAway(): Situation {
  const ms = 8_000;
  return {
    name: `leaves while B is away for ${seconds(ms)}`,
    promises: 'C-22',
    async play(scene) {
      await scene.cut('B');
      await scene.after('cut', 2_000);
      scene.leave('A');
      await scene.after('cut', ms);
      scene.heal('B');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownLeave(scene, 'A', 'connected')],
      B: (scene) => {
        const quit = scene.dialect('B').quit(scene.person('A').uid);
        return [[...ownOutage(scene, 'B', ms, backAfterHealing(scene)), ...atReturn(scene, quit)]];
      },
    },
  };
}

/** What began and ended during B's own outage cancels out. C keeps the channel alive. */
function awayAndBackWhileAway(): Situation {
  const [own, others] = [14_000, 18_000];
  return {
    name: `outage of ${seconds(own)} inside one of B of ${seconds(others)}`,
    promises: 'C-22',
    third: true,
    async play(scene) {
      await scene.cut('B');
      scene.mark('cut of B', scene.marked('cut'), '');
      await scene.cut('A');
      await scene.after('cut', own);
      scene.mark('healed A', scene.person('A').network.heal(), 'heal the network of A');
      await scene.after('cut of B', others);
      scene.heal('B');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => {
        const back = promptly(scene, 'healed A', promised.back);
        const ofB = silenceOf(scene, 'A', 'B', { ms: others, back: 'healed' });
        const untimed = ofB.map(({ timing: _, figure: __, ...each }) => each);
        return [[...ownOutage(scene, 'A', own, back), ...untimed]];
      },
      B: (scene) => [ownOutage(scene, 'B', others, backAfterHealing(scene))],
      C: (scene) => {
        const ofA = silenceOf(scene, 'C', 'A', { ms: own, back: 'healed A' });
        const ofB = silenceOf(scene, 'C', 'B', { ms: others, back: 'healed' });
        return [interleaved(ofB, ofA)];
      },
    },
  };
}

/** Whoever came while B was away is told at B's return. */
function newcomerWhileAway(): Situation {
  const ms = 8_000;
  return {
    name: `newcomer joins while B is away for ${seconds(ms)}`,
    promises: 'C-22 C-23',
    async play(scene) {
      await scene.cut('B');
      await scene.after('cut', 2_000);
      await scene.enter('C');
      await scene.after('cut', ms);
      scene.heal('B');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [arrivalOf(scene, 'A', 'C')],
      B: (scene) => [
        [
          ...ownOutage(scene, 'B', ms, backAfterHealing(scene)),
          ...atReturn(scene, scene.dialect('B').appeared(scene.person('C'))),
        ],
      ],
      C: (scene) => [ownJoin(scene, 'C', ['A', 'B'])],
    },
  };
}

/** It left and came again while B was away: for B it was there all the time. */
function leftAndBackWhileAway(): Situation {
  const ms = 9_000;
  return {
    name: `leaves and joins again while B is away for ${seconds(ms)}`,
    promises: 'C-22',
    async play(scene) {
      await scene.cut('B');
      await scene.after('cut', 1_000);
      scene.leave('A');
      await scene.after('left', 1_000);
      await scene.enter('A2');
      await scene.after('cut', ms);
      scene.heal('B');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownLeave(scene, 'A', 'connected')],
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: (scene) => [ownOutage(scene, 'B', ms, backAfterHealing(scene))],
    },
  };
}

/** Two silences that begin together: first both edges of the first limit in any order, then the returns. */
function interleaved(first: Expected[], second: Expected[]): Expected[] {
  return [...first, ...second]
    .sort((left, right) => (left.nominalMs ?? 0) - (right.nominalMs ?? 0))
    .map((each) => ({
      ...each,
      ...((each.nominalMs ?? 0) <= promised.streamRemoved && { together: 'limit' }),
    }));
}

/** A is gone for good while B is away: told at B's return, as what is true then. C keeps the channel alive. */
function goneWhileAway(): Situation {
  const ms = 25_000;
  return {
    name: `killed for good while B is away for ${seconds(ms)}`,
    promises: 'C-22',
    third: true,
    harms: ['A'],
    async play(scene) {
      await scene.cut('B');
      await scene.after('cut', 1_000);
      await scene.kill('A');
      await scene.after('cut', ms);
      scene.heal('B');
      await scene.after('healed', listenOn);
    },
    told: {
      A: nothing,
      B: (scene) => {
        const { uid, platform } = scene.person('A');
        const dialect = scene.dialect('B');
        const gone = classOf(platform) === 'apple' ? dialect.quit(uid) : dialect.peerGone(uid);
        return [[...ownOutage(scene, 'B', ms, backAfterHealing(scene)), ...atReturn(scene, gone)]];
      },
      C: goneAndAway,
    },
  };
}

/** C sees both: A ends, B is away and returns. */
function goneAndAway(scene: Scene): Expected[][] {
  const isApple = classOf(scene.person('A').platform) === 'apple';
  const ofB = silenceOf(scene, 'C', 'B', { ms: 25_000, back: 'healed' });
  if (!isApple) {
    const ofA = silenceOf(scene, 'C', 'A', { ms: Number.POSITIVE_INFINITY });
    return [inTime(ofB, ofA)];
  }
  const timing = promptly(scene, 'killed', promised.appleGoodbye + promised.lateness, promised.appleGoodbye);
  return [[...due(scene.dialect('C').quit(scene.person('A').uid), 'C-31', timing, 'apple goodbye'), ...ofB]];
}

function atReturn(scene: Scene, calls: Parameters<typeof due>[0]): Expected[] {
  return due(calls, 'C-22', promptly(scene, 'healed', promised.back + promised.lateness), 'return');
}

function outageWithoutStream(ms: number): Situation {
  return {
    name: `outage of ${seconds(ms)} of an A without a stream`,
    promises: 'C-20 C-24',
    parts: { A: { publishes: false } },
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownOutage(scene, 'A', ms, backAfterHealing(scene))],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'healed' })],
    },
  };
}

/** Only the web is told of streams. */
function unpublishes(): Situation {
  return {
    name: 'withdraws its stream, and publishes it again after 2 s',
    promises: 'C-24 C-35',
    async play(scene) {
      scene.tell('A', 'unpublish');
      await scene.after('unpublish', 2_000);
      scene.tell('A', 'publish');
      await scene.after('publish', listenOn);
    },
    told: {
      A: (scene) => {
        const dialect = scene.dialect('A');
        return [due([...dialect.unpublished(), ...dialect.published()], 'C-24')];
      },
      B: (scene) => {
        if (classOf(scene.person('B').platform) !== 'web') return [[]];
        const { uid } = scene.person('A');
        const [gone, back] = [scene.dialect('B').streamGone(uid), scene.dialect('B').streamBack(uid)];
        return [
          [
            ...due(gone, 'C-24', promptly(scene, 'unpublish', promised.goodbye)),
            ...due(back, 'C-24', promptly(scene, 'publish', promised.goodbye)),
          ],
        ];
      },
    },
  };
}

function becomesAudience(): Situation {
  return {
    name: 'a host becomes audience',
    promises: 'C-25',
    profile: 'live',
    short: true,
    async play(scene) {
      scene.tell('A', 'role audience', 'demoted');
      await scene.after('demoted', promised.interrupted);
    },
    told: {
      A: (scene) => [due(scene.dialect('A').becameAudience(), 'C-25')],
      B: (scene) => {
        const calls = scene.dialect('B').demoted(scene.person('A').uid);
        return [due(calls, 'C-25', promptly(scene, 'demoted', promised.goodbye))];
      },
    },
  };
}

/** Nobody is told of an audience: not that it is there, not of its outage, not that it leaves. */
function audience(): Situation {
  const ms = promised.peerOffline + 4_000;
  return {
    name: `an audience: outage of ${seconds(ms)}, then it leaves`,
    promises: 'C-25',
    profile: 'live',
    parts: { A: { role: 'audience' } },
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', promised.back + promised.lateness);
      scene.leave('A');
      await scene.after('left', listenOn);
    },
    told: {
      A: (scene) => [
        [...ownOutage(scene, 'A', ms, backAfterHealing(scene)), ...ownLeave(scene, 'A', 'connected')],
      ],
      B: nothing,
    },
  };
}

/** The first join fixed the channel's profile. */
function otherProfile(): Situation {
  return {
    name: 'somebody joins with the other profile',
    promises: 'C-25',
    profile: 'live',
    parts: { C: { profile: 'communication' } },
    async play(scene) {
      await scene.start('C');
      scene.mark('started');
      await scene.after('started', promised.interrupted);
    },
    told: {
      A: nothing,
      B: nothing,
      C: (scene) => [due(scene.dialect('C').failed('other profile', 'connecting'), 'C-25')],
    },
  };
}
