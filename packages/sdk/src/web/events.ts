/** Who listens to the events of a client or a stream: `on`, `off`, and everyone is called in that order. */
export class Events<Payloads> {
  readonly #listeners = new Map<unknown, ((payload: never) => void)[]>();
  readonly #report: (error: unknown) => void;

  /** @param report surfaces what a listener threw; the others are called all the same */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** What is no function is not added. */
  on(event: unknown, listener: unknown): void {
    if (typeof listener !== 'function') return;
    const before = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...before, listener as (payload: never) => void]);
  }

  /** Takes away one listener once, or all of an event. */
  off(event: unknown, listener?: unknown): void {
    const list = this.#listeners.get(event) ?? [];
    const last = list.lastIndexOf(listener as never);
    if (listener === undefined) this.#listeners.delete(event);
    else
      this.#listeners.set(
        event,
        list.filter((_, at) => at !== last),
      );
  }

  /** Calls everyone who listens at this moment. */
  emit<Event extends keyof Payloads>(event: Event, payload: Payloads[Event]): void {
    this.emitEach(event, () => payload);
  }

  /** Calls everyone who listens at this moment, each with a payload of its own: it may change it. */
  emitEach<Event extends keyof Payloads>(event: Event, makePayload: () => Payloads[Event]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(makePayload() as never);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
