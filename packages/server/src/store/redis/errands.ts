/** What servers of a cluster ask each other, through their inboxes. */
import type { Target } from '../store.ts';
import type { Heard } from './hearsay.ts';

/** What servers ask of each other. */
export interface Errand {
  readonly channel?: string;
  readonly uid?: number;
  readonly fence?: number;
  readonly close?: 'superseded' | 'sameUid';
  readonly from?: string;
  readonly text?: string;
  readonly heard?: Readonly<Record<number, number>>;
  readonly id?: string;
  readonly target?: Target;
  readonly forMs?: number;
  readonly users?: readonly Heard[];
}

export interface ErrandHost {
  name(): string;
  tell(server: string, message: string): void;
  /** Does what another server asks for; null: it cannot. */
  answer(verb: string, details: unknown): Promise<unknown>;
}

/** A question whose asking has been left to somebody else: to a script that sends it in the same step as a change. */
export interface Asked {
  /** What to put into the inbox of the one that is asked. */
  readonly message: string;
  /** @param listeners that heard it; 0: nobody, and nothing is waited for. Null: no answer in time. */
  answer(listeners: number, waitMs?: number): Promise<unknown>;
}

/** How long an answer is waited for, in milliseconds: a server that lives and is near needs a few. */
const answerMs = 250;

export class Errands {
  readonly #host: ErrandHost;
  readonly #open = new Map<number, (answer: unknown) => void>();
  /** Servers that did not answer, and have not been heard since: nobody waits for them again. */
  readonly #mute = new Set<string>();
  #count = 0;

  constructor(host: ErrandHost) {
    this.#host = host;
  }

  /** Asks a server; null: there is no answer in time. */
  async ask(server: string, verb: string, details: unknown, waitMs = answerMs): Promise<unknown> {
    const asked = this.prepare(server, verb, details);
    this.#host.tell(server, asked.message);
    return asked.answer(-1, waitMs);
  }

  prepare(server: string, verb: string, details: unknown): Asked {
    this.#count += 1;
    const id = this.#count;
    const message = `q ${id} ${this.#host.name()} ${verb}\n${JSON.stringify(details)}`;
    const answered = new Promise<unknown>((resolve) => this.#open.set(id, resolve));
    const answer = async (listeners: number, waitMs = answerMs) => {
      if (listeners === 0 || this.#mute.has(server)) {
        this.#open.delete(id);
        return null;
      }
      const timer = setTimeout(() => {
        this.#mute.add(server);
        this.#open.get(id)?.(null);
      }, waitMs);
      const result = await answered;
      clearTimeout(timer);
      this.#open.delete(id);
      return result;
    };
    return { message, answer };
  }

  /** Tells a server something that needs no answer. */
  mention(server: string, verb: string, details: unknown): void {
    this.#host.tell(server, `q 0 ${this.#host.name()} ${verb}\n${JSON.stringify(details)}`);
  }

  /** The server lives: it is asked, and waited for. */
  heard(server: string): void {
    this.#mute.delete(server);
  }

  /** A message that `prepare` or `ask` of another server has made, or the answer to one of ours. */
  take(message: string): void {
    const [head = '', body = 'null'] = split(message, '\n');
    const [kind, id = '0', from = '', verb = ''] = head.split(' ');
    this.heard(from);
    if (kind === 'a') return this.#open.get(Number(id))?.(JSON.parse(body));
    void this.#host.answer(verb, JSON.parse(body)).then((answer) => {
      if (id !== '0')
        this.#host.tell(from, `a ${id} ${this.#host.name()}\n${JSON.stringify(answer ?? null)}`);
    });
  }
}

function split(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at === -1 ? [text, 'null'] : [text.slice(0, at), text.slice(at + 1)];
}
