import { readMessage } from '../message.ts';
import type { SentFrame, ServerFrame } from '../product.ts';

/**
 * What passes a client's wire of its own messages: which number each went out under, and which of them the servers
 * say that they have. The product's own opinion is not asked.
 */
export class Sendings {
  readonly #client: string;
  /** Message names by join, stream and number. */
  readonly #names = new Map<string, string>();
  /** The join that a connection's Welcome has given. */
  readonly #joins = new Map<number, number>();
  readonly #acknowledged = new Set<string>();

  constructor(client: string) {
    this.#client = client;
  }

  sent(attempt: number, { stream, number, data }: SentFrame): void {
    const join = this.#joins.get(attempt);
    if (join !== undefined) this.#names.set(keyOf(join, stream, number), readMessage(data));
  }

  /** @returns names of messages that the frame acknowledges for the first time */
  read(attempt: number, frame: ServerFrame): string[] {
    if (frame.type === 'welcome') {
      this.#joins.set(attempt, frame.join);
      return this.#fresh(this.#receivedBy(frame));
    }
    if (frame.type !== 'entries') return [];
    const own: string[] = [];
    for (const entry of frame.entries) {
      if (entry.type !== 'message') continue;
      const name = readMessage(entry.message.data);
      if (name.startsWith(`${this.#client}/`)) own.push(name);
    }
    return this.#fresh(own);
  }

  #receivedBy({ join, received }: Extract<ServerFrame, { type: 'welcome' }>): string[] {
    const names: string[] = [];
    for (const newest of received) {
      if (newest.join !== join) continue;
      for (let number = 1; number <= newest.number; number += 1) {
        const name = this.#names.get(keyOf(join, newest.stream, number));
        if (name !== undefined) names.push(name);
      }
    }
    return names;
  }

  #fresh(names: readonly string[]): string[] {
    const fresh = names.filter((name) => !this.#acknowledged.has(name));
    for (const name of fresh) this.#acknowledged.add(name);
    return fresh;
  }
}

function keyOf(join: number, stream: number, number: number): string {
  return `${join} ${stream} ${number}`;
}
