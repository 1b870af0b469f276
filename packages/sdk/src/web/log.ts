import type { Logger } from './types.ts';

const levels = { debug: 0, info: 1, warning: 2, error: 3 } as const;

/** How important a line is. */
export type Level = keyof typeof levels;

/** Writes a line somewhere a developer looks. */
export type Print = (level: Level, line: string) => void;

/** What the SDK says of itself; `api` is what a page sees of it. */
export class Log {
  /** The least level that is printed. */
  #least: number = levels.warning;
  readonly #print: Print;

  constructor(print: Print) {
    this.#print = print;
  }

  /** Never give it a token or what users say to each other (C-91). */
  add(level: Level, line: string): void {
    if (levels[level] >= this.#least) this.#print(level, line);
  }

  readonly api: Logger = Object.freeze({
    DEBUG: 0,
    INFO: 1,
    WARNING: 2,
    ERROR: 3,
    NONE: 4,
    setLogLevel: (level: unknown) => {
      if (typeof level === 'number') this.#least = level;
    },
    enableLogUpload: () => {},
    disableLogUpload: () => {},
    setProxyServer: () => {},
  });
}

/** Prints to the console. */
export function printToConsole(level: Level, line: string): void {
  const write = { debug: console.debug, info: console.info, warning: console.warn, error: console.error };
  write[level](`Holdfast: ${line}`);
}
