import { due, goodbyeOf, ownOutage, promised } from '../promises.ts';
import type { Scene } from '../scene.ts';
import { listenOn, type Situation, seconds } from './situation.ts';

const operated = { promises: 'C-44', settings: { apiKey: 'a-key-of-this-suite' } } as const;

/** Rows about whom the operator removes. */
export const operators: readonly Situation[] = [banned(), bannedWhileAway(), kicked(), closed()];

/** Refused for as long as the ban lasts: the same user, and not the others. */
function banned(): Situation {
  return {
    ...operated,
    name: 'is banned by the operator, and joins again',
    async play(scene) {
      await remove(scene, 'ban', { seconds: 60 });
      await scene.after('removed', 1_000);
      await scene.start('A2');
      await scene.after('removed', 1_000 + promised.interrupted);
    },
    told: {
      A: (scene) => [due(scene.dialect('A').failed('banned', 'connected'), 'C-44')],
      A2: (scene) => [due(scene.dialect('A2').failed('banned', 'connecting'), 'C-44')],
      B: (scene) => [goodbyeOf(scene, 'B', 'A', 'removed')],
    },
  };
}

/** The others are told at once, the one who is away when it comes back. */
function bannedWhileAway(): Situation {
  const ms = 8_000;
  return {
    ...operated,
    name: `is banned by the operator within an outage of ${seconds(ms)}`,
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', 2_000);
      await remove(scene, 'ban', { seconds: 60 });
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [
        [...ownOutage(scene, 'A', ms), ...due(scene.dialect('A').failed('banned', 'away'), 'C-44')],
      ],
      B: (scene) => [goodbyeOf(scene, 'B', 'A', 'removed')],
    },
  };
}

/** Whoever is kicked may come back. */
function kicked(): Situation {
  return {
    ...operated,
    name: 'is kicked by the operator',
    async play(scene) {
      await remove(scene, 'kick');
      await scene.after('removed', promised.interrupted);
    },
    told: {
      A: (scene) => [due(scene.dialect('A').failed('banned', 'connected'), 'C-44')],
      B: (scene) => [goodbyeOf(scene, 'B', 'A', 'removed')],
    },
  };
}

/** Everybody in it is removed; who is told first may still see the other go. */
function closed(): Situation {
  return {
    ...operated,
    name: 'its channel is closed by the operator',
    alone: true,
    async play(scene) {
      await scene.remove('close', { channel: scene.channel, seconds: 60 });
      await scene.after('removed', promised.interrupted);
    },
    told: { A: (scene) => [due(scene.dialect('A').failed('banned', 'connected'), 'C-44')] },
  };
}

async function remove(scene: Scene, how: 'ban' | 'kick', more: object = {}): Promise<void> {
  const { channel } = scene;
  await scene.remove(how, { channel, uid: scene.person('A').uid, ...more });
}
