import type { Fact, Violation } from './trace.ts';
import type { Timeline } from './world/timeline.ts';

type Happened<F> = F extends Fact ? Omit<F, 't'> : never;

/** A line for the story: what a process did inside, which no checker reads. */
export interface Note {
  readonly t: number;
  readonly who: string;
  readonly text: string;
}

/** Writes down what happens in a run. */
export class Recorder {
  readonly facts: Fact[] = [];
  readonly notes: Note[] = [];
  /** What no trace can show: code that threw, or that never comes to rest. */
  readonly crashes: Violation[] = [];
  /** Pairs of a state and an input that it met, for each machine. */
  readonly met: Set<string>;
  readonly #timeline: Timeline;
  readonly #telling: boolean;

  /** @param telling whether notes are wanted */
  constructor(timeline: Timeline, telling: boolean, met: Set<string>) {
    this.#timeline = timeline;
    this.#telling = telling;
    this.met = met;
  }

  fact(happened: Happened<Fact>): void {
    this.facts.push({ t: this.#timeline.now, ...happened } as Fact);
  }

  note(who: string, text: () => string): void {
    if (this.#telling) this.notes.push({ t: this.#timeline.now, who, text: text() });
  }

  crash(who: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.crashes.push({ promise: 'C-80', t: this.#timeline.now, who, text: `its code threw: ${text}` });
  }
}
