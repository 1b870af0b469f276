/** Who may ask as the operator: this machine for what is only shown, and whoever has the key. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressGroup, Meter } from '../bounds/index.ts';
import { isLoopback } from '../config/index.ts';

export interface OperatorOptions {
  /** The setting `apiKey`; null: there is none. */
  readonly apiKey: string | null;
  readonly keyFailuresPerMinute: number;
  /** Does the server listen on loopback only? Else nothing is shown without the key. */
  readonly loopback: boolean;
  /** Running time in milliseconds. */
  readonly now: () => number;
  /** The client's own address, behind whatever proxies. */
  readonly addressOf: (request: FastifyRequest) => string;
}

interface Denial {
  readonly status: 401 | 403 | 429;
  readonly text: string;
  readonly retryMs?: number;
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

export class Operator {
  readonly #options: OperatorOptions;
  readonly #key: Buffer | null;
  /** Wrong keys, by address. */
  readonly #failures: Meter;

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.#key = options.apiKey === null ? null : digest(options.apiKey);
    const perMinute = options.keyFailuresPerMinute;
    this.#failures = new Meter({ perSecond: perMinute / 60, burst: perMinute });
  }

  /** For what is only shown: with the key from anywhere, else to this machine. */
  get mayLook(): Hook {
    return hook((request) =>
      request.headers.authorization === undefined
        ? refusal(this.#options.loopback, request)
        : this.#judge(request),
    );
  }

  /** For what changes something: with the key, and only with it. */
  get mayAct(): Hook {
    return hook((request) => this.#judge(request));
  }

  #judge(request: FastifyRequest): Denial | null {
    const { now, addressOf } = this.#options;
    if (this.#key === null)
      return {
        status: 403,
        text: 'This server has no key for operators: set apiKey (HOLDFAST_API_KEY) there.',
      };
    const address = addressGroup(addressOf(request));
    const retryMs = this.#failures.wait(address, now());
    if (retryMs > 0) return { status: 429, retryMs, text: 'Too many wrong keys came from this address.' };
    const [, given] = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (given === undefined)
      return { status: 401, text: "Send the server's apiKey, as Authorization: Bearer KEY." };
    if (timingSafeEqual(digest(given), this.#key)) return null;
    this.#failures.take(address, now());
    return { status: 401, text: "This is not the server's apiKey." };
  }
}

function hook(judge: (request: FastifyRequest) => Denial | null): Hook {
  return async (request, reply) => {
    const denial = judge(request);
    if (denial === null) return;
    const { status, text, retryMs } = denial;
    if (status === 401) reply.header('WWW-Authenticate', 'Bearer');
    if (retryMs !== undefined) reply.header('Retry-After', Math.ceil(retryMs / 1_000));
    await reply.code(status).send({ error: errors[status], text });
  };
}

const errors = { 401: 'unauthorized', 403: 'forbidden', 429: 'too-many' } as const;

/** Of the same length for every key, so that comparing takes the same time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Without the key: not through a proxy, and not by a name that a browser was tricked into resolving to this machine. */
function refusal(loopback: boolean, { headers, hostname }: FastifyRequest): Denial | null {
  const only = (where: string): Denial => ({
    status: 403,
    text: `Without the server's apiKey this is shown only ${where}.`,
  });
  if (!loopback) return only('by a server that listens on loopback');
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined)
    return only('to this machine, and this request came through a proxy');
  return isLoopback(hostname) ? null : only('under the name localhost or a loopback address');
}
