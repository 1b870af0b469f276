/** Callbacks as they are expected: a name, and what each argument must be like. */

/** A test of one argument; `text` is what reports show. */
export interface Pattern {
  readonly text: string;
  matches(value: unknown): boolean;
}

/** A callback with its arguments, without a time. */
export interface Call {
  readonly callback: string;
  readonly args: readonly Pattern[];
}

/** Characters of one argument in a report. */
export const shownMax = 200;

export const anything: Pattern = { text: '…', matches: () => true };
export const milliseconds: Pattern = {
  text: 'ms',
  matches: (value) => Number.isInteger(value) && (value as number) >= 0,
};

/** An argument that is no pattern stands for itself. */
export function call(callback: string, ...args: unknown[]): Call {
  return { callback, args: args.map((arg) => (isPattern(arg) ? arg : like(arg))) };
}

/** Matches a value that has at least these members, with exactly these values. */
export function like(wanted: unknown): Pattern {
  const text = JSON.stringify(wanted);
  return {
    text: text.length > shownMax ? `${text.slice(0, shownMax)}…` : text,
    matches: (value) => has(value, wanted),
  };
}

function has(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(([key, member]) =>
    has((value as Record<string, unknown>)[key], member),
  );
}

function isPattern(arg: unknown): arg is Pattern {
  return typeof arg === 'object' && arg !== null && 'matches' in arg;
}
