import { classOf } from '../dialects.ts';
import { afterSilenceOf, due, ownJoin, ownOutage, promised, promptly } from '../promises.ts';
import type { Scene } from '../scene.ts';
import { listenOn, nothing, type Situation, seconds } from './situation.ts';

/** Where the first is kept: as long as its connection answers. */
const keepsTheFirst = { promises: 'C-40', settings: { sameUid: 'refuse' } } as const;

/** Rows in which somebody joins as the user that A is, or was. */
export const takeovers: readonly Situation[] = [
  joinedTwice(),
  joinedElsewhereWhileAway(),
  joinedElsewhereWhileAsleep(),
  refusedNewcomer(),
  silentFirst(),
  restartedAsAudience(),
  restartedWithoutStream(),
  restartedWithoutStream(6_000),
  restartedWithoutStream(13_000),
];

function joinedTwice(): Situation {
  return {
    name: 'the same uid joins a second time',
    promises: 'C-40',
    short: true,
    async play(scene) {
      await scene.enter('A2');
      scene.mark('second join');
      await scene.after('second join', 6_000);
    },
    told: {
      A: (scene) => [due(scene.dialect('A').failed('replaced', 'connected'), 'C-40')],
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: nothing,
    },
  };
}

function joinedElsewhereWhileAway(): Situation {
  return {
    name: 'the same uid joins elsewhere while A is away',
    promises: 'C-40',
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', 5_000);
      await scene.enter('A2');
      await scene.after('cut', 8_000);
      scene.heal('A');
      await scene.after('healed', 6_000);
    },
    told: {
      A: (scene) => [
        [...ownOutage(scene, 'A', 8_000), ...due(scene.dialect('A').failed('replaced', 'away'), 'C-40')],
      ],
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: nothing,
    },
  };
}

/** The one that was replaced does not run meanwhile, and comes back on its old connection. */
function joinedElsewhereWhileAsleep(): Situation {
  return {
    name: 'the same uid joins elsewhere while A does not run',
    promises: 'C-3 C-40',
    harms: ['A'],
    async play(scene) {
      await scene.kill('A', 'SIGSTOP');
      await scene.after('killed', 3_000);
      await scene.enter('A2');
      await scene.after('killed', 8_000);
      scene.mark('woken', scene.person('A').process.kill('SIGCONT'), 'SIGCONT to A');
      await scene.after('woken', 6_000);
    },
    told: {
      A: (scene) => [due(scene.dialect('A').failed('replaced', 'connected'), 'C-40')],
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: nothing,
    },
  };
}

function refusedNewcomer(): Situation {
  return {
    ...keepsTheFirst,
    name: 'the same uid joins a second time, where the first is kept',
    async play(scene) {
      await scene.start('A2');
      scene.mark('second join');
      await scene.after('second join', promised.interrupted + listenOn);
    },
    told: {
      A: nothing,
      A2: (scene) => [due(scene.dialect('A2').failed('uid in use', 'connecting'), 'C-40')],
      B: nothing,
    },
  };
}

function silentFirst(): Situation {
  return {
    ...keepsTheFirst,
    name: 'the same uid joins while A is away, where the first is kept',
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', 2_000);
      await scene.enter('A2');
      await scene.after('cut', 8_000);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [
        [...ownOutage(scene, 'A', 8_000), ...due(scene.dialect('A').failed('replaced', 'away'), 'C-40')],
      ],
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: nothing,
    },
  };
}

/** A changed role is told when it changes, not at the limit of what was inherited. */
function restartedAsAudience(): Situation {
  return {
    name: 'a host is killed and restarts as audience',
    promises: 'C-25 C-35',
    profile: 'live',
    harms: ['A', 'A2'],
    parts: { A2: { role: 'audience' } },
    async play(scene) {
      await scene.kill('A');
      await scene.enter('A2');
      scene.mark('restarted');
      await scene.after('restarted', promised.streamRemoved + listenOn);
    },
    told: {
      A: nothing,
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: (scene) => [due(scene.dialect('B').demoted(scene.person('A').uid), 'C-25 C-35')],
    },
  };
}

/** A restart inherits the stream that was announced, until the limit: then it must have been published again. */
function restartedWithoutStream(publishesAt?: number): Situation {
  const later = publishesAt ? `published after ${seconds(publishesAt)}` : 'never published';
  return {
    name: `restarted at once, its stream is ${later}`,
    promises: 'C-35',
    harms: ['A', 'A2'],
    parts: { A2: { publishes: false } },
    async play(scene) {
      await scene.kill('A');
      await scene.enter('A2');
      if (publishesAt) {
        await scene.after('killed', publishesAt);
        scene.tell('A2', 'publish', 'published');
      }
      await scene.after('killed', Math.max(promised.streamRemoved, publishesAt ?? 0) + listenOn);
    },
    told: {
      A: nothing,
      A2: (scene) => [
        [
          ...ownJoin(scene, 'A2', ['B']),
          ...(publishesAt ? due(scene.dialect('A2').published(), 'C-24') : []),
        ],
      ],
      B: (scene) => [inheritedStream(scene, publishesAt)],
    },
  };
}

function inheritedStream(scene: Scene, publishesAt = Number.POSITIVE_INFINITY) {
  if (publishesAt < promised.streamRemoved || classOf(scene.person('B').platform) !== 'web') return [];
  const dialect = scene.dialect('B');
  const { uid } = scene.person('A');
  const limit = afterSilenceOf(scene, 'A', promised.streamRemoved);
  const gone = due(dialect.streamGone(uid), 'C-35', limit, 'stream-removed');
  if (publishesAt === Number.POSITIVE_INFINITY) return gone;
  const added = promptly(scene, 'published', promised.goodbye);
  return [...gone, ...due(dialect.streamBack(uid), 'C-24 C-35', added)];
}
