import type { Expected } from '../judge.ts';
import { PlainConnection } from '../plain-connection.ts';
import { ownOutage, promised, promptly, silenceOfAsMeasured } from '../promises.ts';
import type { Scene } from '../scene.ts';
import { type Situation, seconds } from './situation.ts';

/** Rows on a network that loses packets; the suite needs one of its own for them. */
export const losses: readonly Situation[] = [lossy(40_000)];

/**
 * Three packets of ten are lost in each direction, at a round trip of 50 ms. TCP repeats them later and later, so
 * that there are real silences; whoever is told something must be told of one. Beside it a plain connection that
 * sends once a second on the same network shows what TCP alone makes of it.
 */
function lossy(ms: number): Situation {
  return {
    name: `${seconds(ms)} with 30 % loss`,
    promises: 'C-4',
    needs: 'loss',
    parts: { A: { network: 'lossy' } },
    async play(scene) {
      const plain = await PlainConnection.open();
      await scene.after('began', ms);
      scene.mark('plain gaps', plain.close().longerThan(promised.interrupted), '');
    },
    told: {
      A: (scene) => [ownSilences(scene)],
      B: (scene) => silenceOfAsMeasured(scene, 'B', 'A', 'began').map((told) => told.map(untimed)),
    },
    facts(scene) {
      const { packets } = scene.person('A');
      const own = silencesOf(packets.between('down', scene.beganAt, scene.endedAt), scene.endedAt).length;
      const plain = scene.marked('plain gaps') ?? 0;
      const unit = 'times in 40 s';
      return {
        findings: [],
        figures: [
          { name: 'with 30 % loss: interrupted at most', value: own, unit },
          { name: 'with 30 % loss: gaps of 4 s on a plain connection at most', value: plain, unit },
        ],
      };
    },
  };
}

/** What A is told of the silences that the packets show, and of nothing else. */
function ownSilences(scene: Scene): Expected[] {
  const times = scene.person('A').packets.between('down', scene.beganAt, scene.endedAt);
  return silencesOf(times, scene.endedAt).flatMap(({ ms, isOver }) =>
    ownOutage(scene, 'A', ms, isOver ? promptly(scene, 'began', Number.POSITIVE_INFINITY) : undefined),
  );
}

/** Silences of 4 s and more: how long, and whether somebody was heard afterwards. */
function silencesOf(times: readonly number[], endedAt: number) {
  return [...times, endedAt]
    .map((time, i) => ({ ms: time - (times[i - 1] ?? time), isOver: i < times.length }))
    .filter(({ ms }) => ms >= promised.interrupted);
}

function untimed({ timing: _, figure: __, ...each }: Expected): Expected {
  return each;
}
