import { ownOutageAsMeasured, promised } from '../promises.ts';
import type { Role, Scene } from '../scene.ts';
import { type Situation, seconds } from './situation.ts';

/** Rows in which the server itself fails. */
export const servers: readonly Situation[] = [restarted(1_000, true), restarted(6_000, false)];

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
