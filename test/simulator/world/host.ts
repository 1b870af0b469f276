/** What the host offers and a simulated process must not touch: its clocks, its timers, its dice (C-3). */
const forbidden = [
  [Date, 'now'],
  [performance, 'now'],
  [Math, 'random'],
  [globalThis, 'setTimeout'],
  [globalThis, 'setInterval'],
  [globalThis, 'setImmediate'],
  [globalThis, 'clearTimeout'],
  [globalThis, 'clearInterval'],
] as const;

/** What a simulated process gets in the place of some of the host's. */
export type Replacements = Partial<Record<string, (...details: never[]) => unknown>>;

/** Runs something while the host's clock, timers and dice throw, or are replaced. */
export async function withoutHost<T>(run: () => Promise<T>, replaced: Replacements = {}): Promise<T> {
  const kept = forbidden.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  const restore = () => {
    for (const [index, [owner, name]] of forbidden.entries()) {
      const descriptor = kept[index];
      if (descriptor === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, descriptor);
    }
  };
  for (const [owner, name] of forbidden) {
    const value =
      replaced[owner === Date ? 'Date.now' : name] ??
      (() => {
        throw new Error(`a simulated process called ${name} of the host`);
      });
    Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  }
  try {
    return await run();
  } finally {
    restore();
  }
}
