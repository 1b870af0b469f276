/** Lateness and promises in words. */
import type { Due, Told } from './recorded.ts';

/** `10 s`, `0.5 s`. */
export function seconds(ms: number): string {
  return `${Number((ms / 1_000).toFixed(3))} s`;
}

/** Times that can be compared with the eye: `12.034`. */
export function clock(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Beside a mark: `+12 ms` after a limit, `340 ms` after a deed. */
export function shortLateness({ at, due, broke }: Told): string {
  if (at === undefined) return 'never came';
  if (broke === 'extra') return 'not expected';
  if (broke === 'arguments') return 'wrong arguments';
  if (due?.since === undefined) return '';
  const after = at - due.since;
  if (after < due.least) return `${seconds(due.least - after)} early`;
  if (after > due.most && broke) return `${seconds(after - due.most)} too late`;
  return due.least > 0 ? `+${after - due.least} ms` : `${after} ms`;
}

/** In full: `12 ms after its limit of 10 s`. */
export function latenessInWords(told: Told): string {
  const { at, due, broke } = told;
  if (at === undefined) return due ? 'never came' : 'never came; when is not promised, only that';
  if (broke === 'arguments') return 'came with the wrong arguments';
  if (due === undefined)
    return broke === 'extra' ? 'nobody expected it' : 'only that and in which order is promised';
  if (due.since === undefined) return `came before ${due.after}`;
  const after = at - due.since;
  if (after < due.least) return `${seconds(due.least - after)} before its limit of ${seconds(due.least)}`;
  const words =
    due.least > 0
      ? `${after - due.least} ms after its limit of ${seconds(due.least)}`
      : `${after} ms after ${due.after}`;
  if (after <= due.most) return words;
  return `${words}: ${after - due.most} ms later than promised${broke ? '' : ', as late as the suite itself was'}`;
}

/** `10 s to 10.25 s after the last packet from A`. */
export function promiseInWords(due: Due): string {
  const span =
    due.least > 0 ? `${seconds(due.least)} to ${seconds(due.most)}` : `at most ${seconds(due.most)}`;
  return `${span} after ${due.after}`;
}
