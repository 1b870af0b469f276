/** What a server lists until a limit passes: it is asked again and again around the promised time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { promised } from '../promises.ts';
import type { Scene } from '../scene.ts';
import { fact } from './situation.ts';

interface Limit {
  /** The deed from which the limit counts. */
  readonly mark: string;
  readonly ms: number;
}

/** Asks every 20 ms from 1 s before the limit to 2 s after it. */
export async function watchUntilGone(
  scene: Scene,
  isThere: () => Promise<boolean>,
  { mark, ms }: Limit,
): Promise<void> {
  await scene.after(mark, ms - 1_000);
  for (let tries = 0; tries < 150; tries++) {
    const askedAt = Date.now();
    if (!(await isThere())) {
      scene.mark('gone', undefined, 'it is listed no longer');
      return;
    }
    scene.mark('still there', askedAt, tries % 25 === 0 ? 'it is still listed' : '');
    await sleep(20);
  }
}

/** @param what as figures call it: channel, session */
export function goneInTime(scene: Scene, what: string, { mark, ms }: Limit) {
  const since = (deed: string) => (scene.marked(deed) ?? Number.NaN) - (scene.marked(mark) ?? 0);
  const [gone, stillThere] = [since('gone'), since('still there')];
  const text = `the ${what} was there ${stillThere} ms after the ${mark} and gone after ${gone} ms; promised is ${ms} ms`;
  const inTime = gone >= ms && stillThere <= ms + promised.lateness;
  return {
    findings: inTime ? [] : [fact(what, what === 'channel' ? 'C-34' : 'C-36', text)],
    lateness: [{ figure: `${what} gone`, ms: gone - ms }],
  };
}
