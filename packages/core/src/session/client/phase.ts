import { type CloseName, closeCodes } from '../../contract/index.ts';
import type { MediaSignal, Send, ServerFrame } from '../../wire/frames.ts';
import { failureReason } from './asking.ts';
import type { Context } from './context.ts';
import type { TokenTimer } from './token.ts';
import type { Deadline } from './types.ts';

export type TimerName =
  | 'attempt'
  | 'ask'
  | 'overdue'
  | 'silent'
  | 'doubted'
  | 'interrupted'
  | 'lost'
  | 'give-up'
  | 'goodbye'
  | TokenTimer;

/** What goes out on a connection, if there is one. */
export type Said = Send | MediaSignal;

/** Where a stay is. Each phase owns its data; what happens in it may lead to another. */
export interface Phase {
  /** For traces: the phase and what it is busy with. */
  readonly name: string;
  /** Hands out the record of a trouble that ends with the stay. */
  endOutage(): void;
  leave(): Phase;
  /** `context.self` has changed. */
  updated(): void;
  /** `context.token` is another one. */
  renewed(): void;
  /** The grace after an expired token is over (C-43). */
  tokenOver(): Phase;
  /** A message was put into `context.outbox`, or media have something to say. */
  added(frame: Said): void;
  /** The app goes to the background without a kept connection: closes every transport, stops every clock (C-32). */
  suspend(): void;
  /** Doubt the connection: ask for a sign of life. */
  probe(): void;
  /** End any back-off. */
  hurry(): void;
  /** The own process has slept: its clocks start now (C-3). */
  woke(): void;
  opened(attempt: number): Phase;
  frame(attempt: number, frame: ServerFrame): Phase;
  closed(attempt: number, close: CloseName, text: string): Phase;
  /** Everything that may happen here by the mere passing of time. */
  timers(): Deadline<TimerName>[];
  /** A timer's time has come; running it removes its cause. */
  run(timer: TimerName): Phase;
}

/** The stay is over: nothing comes in, nothing comes out (C-14). */
export class Ended implements Phase {
  readonly name = 'ended';

  constructor(context: Context) {
    context.out.push({ type: 'ended' });
  }

  endOutage() {}
  leave = () => this;
  updated() {}
  renewed() {}
  tokenOver = () => this;
  added() {}
  suspend() {}
  probe() {}
  hurry() {}
  woke() {}
  opened = () => this;
  frame = () => this;
  closed = () => this;
  timers = () => [];
  run = () => this;
}

/** The stay fails: the app is told, every transport closed. */
export function fail(
  context: Context,
  transports: Iterable<number>,
  close: CloseName,
  text: string = closeCodes[close].text,
): Phase {
  context.state('failed', failureReason(close));
  context.notice({ type: 'failed', close, text });
  for (const attempt of transports) context.close(attempt);
  return new Ended(context);
}

/** No further attempt can help. */
export function isFinal(close: CloseName): boolean {
  const { advice } = closeCodes[close];
  return advice === 'stop' || advice === 'reauthenticate';
}
