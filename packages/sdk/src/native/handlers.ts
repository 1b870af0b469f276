import type { IRtcEngineEventHandler, RtcEngineEvent } from './types.ts';

type Arguments<Event extends RtcEngineEvent> = Parameters<NonNullable<IRtcEngineEventHandler[Event]>>;
type Callback = (...args: never[]) => void;

/** Who is called for the callbacks of an engine: handlers in the order of registration, then listeners. */
export class Handlers {
  readonly #handlers: IRtcEngineEventHandler[] = [];
  readonly #listeners = new Map<unknown, unknown[]>();
  readonly #report: (error: unknown) => void;

  /** @param report surfaces what a callback threw; the others are called all the same */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** False if it is no object or registered already. */
  register(handler: unknown): boolean {
    if (typeof handler !== 'object' || handler === null) return false;
    if (this.#handlers.includes(handler)) return false;
    this.#handlers.push(handler);
    return true;
  }

  /** False if it was not registered. */
  unregister(handler: unknown): boolean {
    const index = this.#handlers.indexOf(handler as IRtcEngineEventHandler);
    if (index >= 0) this.#handlers.splice(index, 1);
    return index >= 0;
  }

  /** What is no function is not added. */
  addListener(event: unknown, listener: unknown): void {
    if (typeof listener !== 'function') return;
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  /** Takes away one listener once, or all of an event. */
  removeListener(event: unknown, listener: unknown): void {
    const list = this.#listeners.get(event) ?? [];
    const index = list.lastIndexOf(listener);
    if (listener === undefined) this.#listeners.delete(event);
    else if (index >= 0)
      this.#listeners.set(
        event,
        list.filter((_, at) => at !== index),
      );
  }

  /** Takes away the listeners of one event, or of all. */
  removeAllListeners(event: unknown): void {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
  }

  /** Calls everyone who is there at this moment. */
  emit<Event extends RtcEngineEvent>(event: Event, ...args: Arguments<Event>): void {
    this.emitEach(event, () => args);
  }

  /** Calls everyone who is there at this moment, each with arguments of its own: it may change them. */
  emitEach<Event extends RtcEngineEvent>(event: Event, makeArgs: () => Arguments<Event>): void {
    const listeners = this.#listeners.get(event) ?? [];
    for (const handler of [...this.#handlers]) this.#call(() => handler[event], handler, makeArgs());
    for (const listener of listeners) this.#call(() => listener, undefined, makeArgs());
  }

  #call(find: () => unknown, self: unknown, args: unknown[]): void {
    try {
      const callback = find();
      if (typeof callback === 'function') (callback as Callback).apply(self, args as never[]);
    } catch (error) {
      this.#report(error);
    }
  }
}
