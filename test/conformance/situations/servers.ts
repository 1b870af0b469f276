import type { TwoServers } from '../processes.ts';
import { ownOutageAsMeasured, promised } from '../promises.ts';
import type { Role, Scene } from '../scene.ts';
import { listenOn, nothing, type Situation, seconds } from './situation.ts';

/** Rows in which the server itself fails. */
export const servers: readonly Situation[] = [
  restarted(1_000, true),
  restarted(6_000, false),
  sleeps(8_000),
  sleeps(24_000),
  firstOfTwoDies(),
  wayToTheFirstGoesDark(),
  wayToTheFirstGoesDark('up'),
];

/** The only server dies and starts again on the same port: nobody sees anybody go. */
function restarted(ms: number, short: boolean): Situation {
  return {
    name: `the only server is killed, started again after ${seconds(ms)}`,
    promises: 'C-59',
    ownServer: true,
    short,
    async play(scene) {
      scene.mark('server killed', scene.server.kill());
      await scene.after('server killed', ms);
      scene.mark('server started');
      scene.mark('server answers', await scene.server.start());
      await scene.after('server answers', 5_000);
    },
    told: { A: (scene) => away(scene, 'A'), B: (scene) => away(scene, 'B') },
  };
}

/** A server that stands still measures nothing: it wakes with every silence as long as before. */
function sleeps(ms: number): Situation {
  return {
    name: `the only server does not run for ${seconds(ms)} (SIGSTOP)`,
    promises: 'C-3',
    ownServer: true,
    async play(scene) {
      scene.mark('server started', scene.server.kill('SIGSTOP'), 'SIGSTOP to the server');
      await scene.after('server started', ms);
      const woken = scene.mark('server started', scene.server.kill('SIGCONT'), 'SIGCONT to the server');
      scene.mark('server answers', woken, '');
      await scene.after('server answers', 5_000);
    },
    told: { A: (scene) => away(scene, 'A'), B: (scene) => away(scene, 'B') },
  };
}

/** Another server of the cluster lives: the death of one is no news to anybody. */
function firstOfTwoDies(): Situation {
  return {
    name: 'the server of both is killed, another one lives',
    promises: 'C-10 C-11 C-51',
    ownServer: 'two',
    async play(scene) {
      const servers = scene.server as TwoServers;
      scene.mark('server killed', await servers.killFirst());
      await scene.after('server killed', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: nothing },
  };
}

/** A's connection is silent, and A is back through the other server before anybody is to be told. */
function wayToTheFirstGoesDark(only?: 'up'): Situation {
  return {
    name: `the way to A's server goes dark${only ? ' in one direction' : ''}, another one is in reach`,
    promises: only ? 'C-10 C-11 C-16' : 'C-10 C-11',
    ownServer: 'two',
    async play(scene) {
      await scene.cut('A', only);
      await scene.after('cut', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: nothing },
  };
}

function away(scene: Scene, role: Role) {
  const startedAt = scene.marked('server started') ?? 0;
  const startUpMs = (scene.marked('server answers') ?? 0) - startedAt;
  const back = {
    text: 'the server was started',
    since: () => startedAt,
    atLeastMs: 0,
    atMostMs: startUpMs + promised.back,
  };
  return ownOutageAsMeasured(scene, role, back).map((told) =>
    told.map(({ figure, ...each }) => (figure && figure !== 'rejoin' ? { ...each, figure } : each)),
  );
}
