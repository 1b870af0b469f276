/** What a Redis holds, and the commands that the product's scripts call. */
import type { Reply } from '../cluster.ts';

type Value = Map<string, Buffer> | Set<string> | Buffer[] | Buffer;

interface Kept {
  value: Value;
  /** On the wall clock, in milliseconds. */
  expiresAt: number;
}

const ok = Buffer.from('OK');

export class Data {
  readonly #kept: Map<string, Kept>;
  readonly #wallMs: () => number;

  constructor(wallMs: () => number, kept = new Map<string, Kept>()) {
    this.#wallMs = wallMs;
    this.#kept = kept;
  }

  /** As it is now: what a replica has that lags from here on. */
  copy(): Data {
    const kept = [...this.#kept].map(
      ([key, { value, expiresAt }]) => [key, { value: copyOf(value), expiresAt }] as const,
    );
    return new Data(this.#wallMs, new Map(kept));
  }

  /** Every command but PUBLISH. */
  call(name: string, args: readonly Buffer[]): Reply {
    const command = this.#commands[name];
    if (command === undefined) throw new Error(`the simulated Redis does not know ${name}`);
    const [key = '', ...rest] = args.map(word);
    return command(key, rest, args.slice(1));
  }

  readonly #commands: Record<string, (key: string, words: string[], bytes: Buffer[]) => Reply> = {
    TIME: () => {
      const now = this.#wallMs();
      return [bytesOf(Math.floor(now / 1_000)), bytesOf(Math.round((now % 1_000) * 1_000))];
    },
    DEL: (key, others) => [key, ...others].filter((each) => this.#kept.delete(each)).length,
    EXISTS: (key) => (this.#find(key) === undefined ? 0 : 1),
    PEXPIRE: (key, [ms = '0']) => {
      const kept = this.#find(key);
      if (kept !== undefined) kept.expiresAt = this.#wallMs() + Number(ms);
      return kept === undefined ? 0 : 1;
    },
    PTTL: (key) => {
      const kept = this.#find(key);
      if (kept === undefined) return -2;
      return kept.expiresAt === Number.POSITIVE_INFINITY ? -1 : Math.round(kept.expiresAt - this.#wallMs());
    },

    GET: (key) => (this.#find(key)?.value as Buffer | undefined) ?? null,
    SET: (key, [, ...options], [value = ok]) => {
      const flag = (name: string) => options.findIndex((each) => each.toUpperCase() === name);
      if (flag('NX') !== -1 && this.#find(key) !== undefined) return null;
      const ms = flag('PX') === -1 ? Number.POSITIVE_INFINITY : Number(options[flag('PX') + 1]);
      this.#kept.set(key, { value: value, expiresAt: this.#wallMs() + ms });
      return ok;
    },
    INCR: (key) => {
      const next = Number(word((this.#find(key)?.value as Buffer | undefined) ?? bytesOf(0))) + 1;
      this.#kept.set(key, { value: bytesOf(next), expiresAt: Number.POSITIVE_INFINITY });
      return next;
    },

    HGET: (key, [field = '']) => this.#hash(key)?.get(field) ?? null,
    HMGET: (key, fields) => fields.map((field) => this.#hash(key)?.get(field) ?? null),
    HEXISTS: (key, [field = '']) => (this.#hash(key)?.has(field) ? 1 : 0),
    HLEN: (key) => this.#hash(key)?.size ?? 0,
    HKEYS: (key) => [...(this.#hash(key)?.keys() ?? [])].map(bytesOf),
    HGETALL: (key) => [...(this.#hash(key) ?? [])].flatMap(([field, value]) => [bytesOf(field), value]),
    HSET: (key, words, bytes) => {
      const hash = this.#begin(key, new Map<string, Buffer>());
      for (let at = 0; at + 1 < words.length; at += 2) hash.set(words[at] ?? '', bytes[at + 1] ?? ok);
      return words.length / 2;
    },
    HDEL: (key, fields) => {
      const hash = this.#hash(key);
      return this.#end(key, fields.filter((field) => hash?.delete(field)).length);
    },

    SADD: (key, members) => {
      const set = this.#begin(key, new Set<string>());
      const before = set.size;
      for (const member of members) set.add(member);
      return set.size - before;
    },
    SREM: (key, members) => {
      const set = this.#set(key);
      return this.#end(key, members.filter((member) => set?.delete(member)).length);
    },
    SISMEMBER: (key, [member = '']) => (this.#set(key)?.has(member) ? 1 : 0),
    SMEMBERS: (key) => [...(this.#set(key) ?? [])].map(bytesOf),
    SCARD: (key) => this.#set(key)?.size ?? 0,

    RPUSH: (key, _, items) => this.#begin(key, [] as Buffer[]).push(...items),
    LPOP: (key) => {
      const item = this.#list(key)?.shift() ?? null;
      this.#end(key, 0);
      return item;
    },
    LLEN: (key) => this.#list(key)?.length ?? 0,
    LINDEX: (key, [index = '0']) => this.#list(key)?.at(Number(index)) ?? null,
    LRANGE: (key, [from = '0', to = '-1']) => {
      const list = this.#list(key) ?? [];
      const place = (index: string) => (Number(index) < 0 ? list.length + Number(index) : Number(index));
      return list.slice(Math.max(0, place(from)), place(to) + 1);
    },
  };

  #find(key: string): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined || kept.expiresAt > this.#wallMs()) return kept;
    this.#kept.delete(key);
    return undefined;
  }

  #begin<T extends Value>(key: string, fresh: T): T {
    const kept = this.#find(key);
    if (kept !== undefined) return kept.value as T;
    this.#kept.set(key, { value: fresh, expiresAt: Number.POSITIVE_INFINITY });
    return fresh;
  }

  /** What is empty is gone. */
  #end(key: string, changed: number): number {
    const value = this.#kept.get(key)?.value;
    if (value !== undefined && (Array.isArray(value) ? value.length : (value as Set<string>).size) === 0)
      this.#kept.delete(key);
    return changed;
  }

  #hash(key: string): Map<string, Buffer> | undefined {
    return this.#find(key)?.value as Map<string, Buffer> | undefined;
  }

  #set(key: string): Set<string> | undefined {
    return this.#find(key)?.value as Set<string> | undefined;
  }

  #list(key: string): Buffer[] | undefined {
    return this.#find(key)?.value as Buffer[] | undefined;
  }
}

function copyOf(value: Value): Value {
  if (value instanceof Map) return new Map(value);
  if (value instanceof Set) return new Set(value);
  return Array.isArray(value) ? [...value] : value;
}

function word(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function bytesOf(value: string | number): Buffer {
  return Buffer.from(String(value), 'latin1');
}
