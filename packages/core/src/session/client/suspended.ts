import type { Phase } from './phase.ts';

/** In the background without a connection: the clocks stand, others count a silence (C-32). */
export class Suspended implements Phase {
  readonly name = 'suspended';
  /** What goes on when the app is back. */
  readonly before: Phase;

  constructor(before: Phase) {
    this.before = before;
    before.suspend();
  }

  /** The app is back: the clocks start now, and so does the search. */
  foreground(): Phase {
    this.before.woke();
    this.before.hurry();
    return this.before;
  }

  endOutage(): void {
    this.before.endOutage();
  }

  leave(): Phase {
    return this.before.leave();
  }

  updated(): void {}
  renewed(): void {}
  tokenOver = () => this;
  added(): void {}
  suspend(): void {}
  probe(): void {}
  hurry(): void {}
  woke(): void {}
  opened = () => this;
  frame = () => this;
  closed = () => this;
  timers = () => [];
  run = () => this;
}
