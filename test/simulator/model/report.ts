import type { Violation } from '../trace.ts';
import type { ClientClass } from './world.ts';

/** How much later than its limit each callback came, in milliseconds, the observer's path subtracted. */
export interface Figures {
  readonly interrupted: number[];
  readonly lost: number[];
  readonly peerOffline: Record<Exclude<ClientClass, 'web'>, number[]>;
  readonly streamRemoved: number[];
  readonly peerLeave: number[];
  readonly destroyed: number[];
}

export class Report {
  readonly violations: Violation[] = [];
  readonly figures: Figures = {
    interrupted: [],
    lost: [],
    peerOffline: { native: [], apple: [] },
    streamRemoved: [],
    peerLeave: [],
    destroyed: [],
  };

  accuse(promise: string, t: number, who: string, text: string): void {
    this.violations.push({ promise, t, who, text });
  }
}

/** A time in a sentence, in seconds of the run. */
export function at(t: number): string {
  return `${(t / 1000).toFixed(3)} s`;
}

/** A span in a sentence. */
export function ms(span: number): string {
  return `${Math.round(span * 10) / 10} ms`;
}
