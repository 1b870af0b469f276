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
  silenceOfAsMeasured,
} from '../promises.ts';
import type { Scene } from '../scene.ts';
import { fact, listenOn, nothing, type Situation, seconds } from './situation.ts';

const backAfterHealing = (scene: Scene) => promptly(scene, 'healed', promised.back);

/** Rows in which a network goes dark. */
export const outages: readonly Situation[] = [
  nothingHappens(),
  outage(2_500, true),
  outage(8_000, true),
  outage(15_000, false),
  outage(24_000, true),
  halfOpenUp(15_000, true),
  halfOpenUp(24_000, false),
  halfOpenDown(15_000),
  connectionsReset(),
  deadRouter(15_000),
  newcomer(5_000),
  newcomer(15_000),
  outage(24_000, false, 'live'),
  outageWithDeadServer(8_000),
  outageBeyondTheSession(),
  leavesInTheDark(6_000),
  leavesInTheDark(12_000),
  joinsInTheDark(),
  leavesBeforeJoining(),
  sleeps(8_000),
  sleeps(24_000),
];

function nothingHappens(): Situation {
  const ms = 12_000;
  return {
    name: `nothing happens for ${seconds(ms)}`,
    promises: 'C-4 C-21',
    async play(scene) {
      await scene.after('began', ms);
    },
    told: { A: nothing, B: nothing },
    facts(scene) {
      const { packets } = scene.person('A');
      const beats = packets.between('down', scene.beganAt, scene.endedAt);
      const longest = packets.longestSilence('down', scene.beganAt, scene.endedAt);
      const late = longest > promised.heartbeat + promised.lateness;
      const many = beats.length > ms / promised.heartbeat + 2;
      const text = `${beats.length} packets to A in ${ms} ms, at most ${longest} ms apart; a heartbeat is due every second`;
      return { findings: late || many ? [fact('A', 'section 1, heartbeat', text)] : [] };
    },
  };
}

function outage(ms: number, short: boolean, profile?: 'live'): Situation {
  return {
    name: `outage of ${seconds(ms)}${profile ? ', in the live profile' : ''}`,
    promises: 'C-11 C-12 C-17 C-20',
    short,
    ...(profile ? { profile } : { inBrowser: true }),
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

/** A knows an address that takes connections and never answers, and it is the first that it tries. */
function outageWithDeadServer(ms: number): Situation {
  return {
    ...outage(ms, false),
    name: `outage of ${seconds(ms)}, the first of A's servers is a black hole`,
    promises: 'C-10 C-17',
    inBrowser: false,
    parts: { A: { knowsDeadServer: true } },
  };
}

/** The server has forgotten the session when A returns: it joins afresh, and its app sees a rejoin. */
function outageBeyondTheSession(): Situation {
  const ms = 28_000;
  return {
    ...outage(ms, false),
    name: `outage of ${seconds(ms)}, sessions are kept for 25 s`,
    promises: 'C-36',
    inBrowser: false,
    limits: { sessionKeepMs: 25_000 },
  };
}

/** The server hears nothing of A, A hears the server until it stops sending. */
function halfOpenUp(ms: number, short: boolean): Situation {
  const serverStops = promised.interrupted;
  return {
    name: `only A to server dark for ${seconds(ms)}`,
    promises: 'C-16',
    short,
    async play(scene) {
      await scene.cut('A', 'up');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownOutage(scene, 'A', ms - serverStops, backAfterHealing(scene))],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'healed' })],
    },
    facts(scene) {
      const { packets } = scene.person('A');
      const cutAt = scene.marked('cut') ?? 0;
      const lastFrom = packets.lastBefore('up', cutAt) ?? 0;
      const lastTo = packets.lastBefore('down', cutAt + ms - 1) ?? 0;
      const after = lastTo - lastFrom;
      const late = after > serverStops + promised.lateness;
      const early = after < serverStops - promised.heartbeat - promised.lateness;
      const text = `the last packet to A was delivered ${after} ms after the last from A; the server stops sending at ${serverStops} ms`;
      return { findings: late || early ? [fact('A', 'C-16', text)] : [] };
    },
  };
}

/** A hears nothing. Whether the server hears A is up to A, so B is judged by the packets. */
function halfOpenDown(ms: number): Situation {
  return {
    name: `only server to A dark for ${seconds(ms)}`,
    promises: 'C-2 C-11 C-20',
    async play(scene) {
      await scene.cut('A', 'down');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownOutage(scene, 'A', ms, backAfterHealing(scene))],
      B: (scene) => silenceOfAsMeasured(scene, 'B', 'A', 'healed'),
    },
  };
}

function connectionsReset(): Situation {
  return {
    name: 'every connection of A is reset',
    promises: 'C-10 C-11',
    async play(scene) {
      scene.person('A').network.reset();
      scene.mark('reset');
      await scene.after('reset', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: nothing },
    facts(scene) {
      const { packets } = scene.person('A');
      const resetAt = scene.marked('reset') ?? 0;
      const backAfter = (packets.firstAfter('up', resetAt) ?? Number.POSITIVE_INFINITY) - resetAt;
      const text = `A sent its first packet ${backAfter} ms after the reset`;
      return { findings: backAfter > promised.back ? [fact('A', 'C-10 C-17', text)] : [] };
    },
  };
}

/** Both go silent together and return together; the channel is destroyed in between. */
function deadRouter(ms: number): Situation {
  return {
    name: `A and B behind one dead router for ${seconds(ms)}`,
    promises: 'C-22 C-34',
    short: true,
    async play(scene) {
      const before = (await scene.view())?.incarnation;
      await scene.cut('A');
      scene.person('B').network.cut();
      await scene.after('cut', ms);
      scene.heal('A');
      scene.heal('B');
      await scene.after('healed', listenOn);
      const after = (await scene.view())?.incarnation;
      scene.mark(after === before || !after ? 'same incarnation' : 'new incarnation');
    },
    told: {
      A: (scene) => seesNothingFalse(scene, 'A', 'B', ms),
      B: (scene) => seesNothingFalse(scene, 'B', 'A', ms),
    },
    facts(scene) {
      const text = 'the channel was not destroyed although its newest packet was 10 s old';
      return { findings: scene.marked('new incarnation') ? [] : [fact('channel', 'C-34', text)] };
    },
  };
}

/** Whoever is back first may be told that the other is silent for its class, and then that it returned. */
function seesNothingFalse(scene: Scene, role: 'A' | 'B', other: 'A' | 'B', ms: number) {
  const own = ownOutage(scene, role, ms, backAfterHealing(scene));
  const untimed = silenceOf(scene, role, other, { ms, back: 'healed' }).map(({ timing: _, ...each }) => each);
  return untimed.length === 0 ? [own] : [own, [...own, ...untimed]];
}

/** C comes while A is silent; for some classes A is still present then, for others it is not. */
function newcomer(joinedAt: number): Situation {
  const ms = 23_000;
  return {
    name: `newcomer joins ${seconds(joinedAt)} into a silence of A`,
    promises: 'C-23',
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', joinedAt - 500);
      await scene.enter('C');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [[...ownOutage(scene, 'A', ms, backAfterHealing(scene)), ...arrivalOf(scene, 'A', 'C')]],
      B: (scene) => [
        inTime(silenceOf(scene, 'B', 'A', { ms, back: 'healed' }), arrivalOf(scene, 'B', 'C', joinedAt)),
      ],
      C: (scene) => {
        const isWeb = scene.person('C').platform === 'web';
        const sees = joinedAt < (isWeb ? promised.streamRemoved : promised.peerOffline);
        const later = silenceOf(scene, 'C', 'A', { ms, back: 'healed', joinedAt });
        return [[...ownJoin(scene, 'C', sees ? ['A', 'B'] : ['B']), ...later]];
      },
    },
  };
}

/** The goodbye stays in the dark network and arrives long after: for the others it is a drop. */
function leavesInTheDark(leavesAt: number): Situation {
  return {
    name: `leaves ${seconds(leavesAt)} into an outage`,
    promises: 'C-14',
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', leavesAt);
      scene.leave('A');
      await scene.after('cut', promised.peerOffline + 1_000);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [[...ownOutage(scene, 'A', leavesAt), ...ownLeave(scene, 'A', 'away')]],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })],
    },
    facts(scene) {
      const { connectionCount } = scene.person('A').network;
      const text = `${connectionCount} connections of A were left`;
      return { findings: connectionCount > 0 ? [fact('A', 'C-14', text)] : [] };
    },
  };
}

/** Nobody was told that it came, so nobody is told that it goes. */
function leavesBeforeJoining(): Situation {
  return {
    name: 'leaves 6 s into a first join that did not succeed',
    promises: 'C-13 C-14',
    joinsLater: true,
    async play(scene) {
      const { process, network } = await scene.start('A', undefined, true);
      const ready = await process.until('A is told to join', (said) => said.callback === '$ready', 10_000);
      scene.mark('told to join', ready.t);
      await scene.after('told to join', 6_000);
      scene.leave('A');
      await scene.after('left', 3_000);
      scene.mark('healed', network.heal());
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => {
        const [connecting] = ownJoin(scene, 'A', []);
        return [[...(connecting ? [connecting] : []), ...ownLeave(scene, 'A', 'connecting')]];
      },
      B: nothing,
    },
  };
}

function joinsInTheDark(): Situation {
  return {
    name: 'the first join succeeds only after 13 s',
    promises: 'C-13',
    joinsLater: true,
    async play(scene) {
      const { process, network } = await scene.start('A', undefined, true);
      const ready = await process.until('A is told to join', (said) => said.callback === '$ready', 10_000);
      scene.mark('told to join', ready.t);
      await scene.after('told to join', 13_000);
      scene.mark('healed', network.heal());
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => {
        const [connecting, ...rest] = ownJoin(scene, 'A', ['B']);
        const lost = promptly(scene, 'told to join', promised.lost + promised.lateness, promised.lost);
        const told = due(scene.dialect('A').lost(), 'C-13', lost, 'lost');
        return [[...(connecting ? [connecting] : []), ...told, ...rest]];
      },
      B: (scene) => [arrivalOf(scene, 'B', 'A')],
    },
  };
}

/** A process that does not run measures nothing: its clocks start at waking. */
function sleeps(ms: number): Situation {
  return {
    name: `A does not run for ${seconds(ms)} (SIGSTOP)`,
    promises: 'C-3',
    harms: ['A'],
    async play(scene) {
      await scene.kill('A', 'SIGSTOP');
      await scene.after('killed', ms);
      scene.mark('woken', scene.person('A').process.kill('SIGCONT'), 'SIGCONT to A');
      await scene.after('woken', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'woken' })] },
  };
}
