import type { Delivery } from '../driver/delivery.ts';
import type { Failure } from './errors.ts';
import type { Events } from './events.ts';
import type { Log } from './log.ts';
import type { ClientEvents } from './types.ts';

/** Tells an application that a call has failed: its callback, then the event with more words, and the log. */
export class Failures {
  readonly #delivery: Delivery;
  readonly #events: Events<ClientEvents>;
  readonly #log: Log;

  constructor(delivery: Delivery, events: Events<ClientEvents>, log: Log) {
    this.#delivery = delivery;
    this.#events = events;
    this.#log = log;
  }

  /** @param onFailure what the application gave as its callback: anything may be there */
  tell(method: string, { code, text }: Failure, onFailure: unknown): void {
    this.#log.add('warning', `${method}: ${code}: ${text}`);
    if (typeof onFailure === 'function') this.#delivery.add(() => onFailure(code));
    this.#delivery.add(() => this.#events.emit('failure', { method, code, text }));
  }
}
