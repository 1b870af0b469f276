/** Who is in the cluster: this server's lease, and what it knows of the others' (C-52, C-54, C-55). */
import type { Seat } from '../store.ts';
import { StoreUnavailable } from '../unavailable.ts';
import type { Argument, Reply } from './link.ts';
import { bury, enlist, renew, type Script } from './scripts.ts';

/** Milliseconds. */
export const leaseTimes = Object.freeze({
  renewMs: 500,
  /** A lease is good for so long after the renewal was asked for. */
  validMs: 1_500,
  /** A renewal that has not been answered after this: Redis is asked on another connection. */
  answerMs: 1_000,
  /** Nobody's lease is judged until Redis has been back for so long (C-54). */
  patienceMs: 3_000,
});

interface Other {
  beat: string;
  /** Until when, in this process's raw time, it can have heard anybody: its last renewal and a lease's validity. */
  until: number;
  url: string | null;
  leaving: boolean;
  dead: boolean;
  /** It has renewed its lease since Redis may have lost something. */
  back: boolean;
}

export interface LeaseHost {
  /** A monotonic reading in milliseconds that goes on while the process is stopped. */
  raw(): number;
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply>;
  readonly inbox: string;
  /** Redis was not there when this server began: others may have been, and have more to say than it knows (C-61). */
  cameFirst(): boolean;
  readonly keys: readonly string[];
  /** The lease could not be renewed. */
  unable(why: string): void;
  /** Redis does not answer. */
  unanswered(): void;
  opened(afterOutage: boolean): void;
  closed(): void;
  /** Redis answers, and does not know this server any more (C-61). */
  lost(): void;
  /** Others have adopted this server's users: it can never be again what it was. */
  fenced(): void;
  renewed(): void;
  /** A server is dead; none of its users was heard by it in the last `quietMs`. */
  dead(server: string, quietMs: number): void;
  /** A server is not there any more, whoever has judged it; none of its users was heard by it in the last `quietMs`. */
  gone(server: string, quietMs: number): void;
  serversChanged(): void;
  alive(server: string): void;
  failed(error: Error): void;
}

export class Lease {
  readonly #host: LeaseHost;
  readonly #others = new Map<string, Other>();
  #name: string;
  readonly #url: string | null;
  readonly #keepMs: number;
  /** When the store began, or had lost what it knew, in raw time; null: too long ago to matter. */
  #bornAt: number | null = null;
  /** It has lost what it knew, and servers have (had) to put it back. */
  #lost = false;
  #leaving = false;
  #beat = 0;
  /** Raw time until which this server's own lease is good. */
  #until = Number.NEGATIVE_INFINITY;
  #state: 'new' | 'open' | 'closed' | 'ended' = 'new';
  /** Nobody is to know of a server that cannot be told anything. */
  #begun = false;
  #asked = false;
  #askedAt = 0;
  /** When Redis came back; nobody is judged for a while. */
  #judgeAt = 0;
  /** When the last answer was asked for that told of the others. */
  #seenAt = Number.NEGATIVE_INFINITY;
  readonly #timer: NodeJS.Timeout;

  constructor(name: string, url: string | null, keepMs: number, host: LeaseHost) {
    this.#keepMs = keepMs;
    this.#name = name;
    this.#url = url;
    this.#host = host;
    this.#timer = setInterval(() => this.#tick(), leaseTimes.renewMs);
  }

  /** Nothing is changed in Redis without a lease. */
  get valid(): boolean {
    return this.#state === 'open' && this.#host.raw() < this.#until;
  }

  get isNew(): boolean {
    return this.#state === 'new';
  }

  get seats(): readonly Seat[] {
    const own = { server: this.#name, url: this.#url, leaving: this.#leaving };
    const others = [...this.#others].filter(([, { dead }]) => !dead);
    return [own, ...others.map(([server, { url, leaving }]) => ({ server, url, leaving }))];
  }

  /** How long ago the store began, while that matters (C-59), in milliseconds. */
  get youngMs(): number | null {
    const ageMs = this.#bornAt === null ? this.#keepMs : this.#host.raw() - this.#bornAt;
    return ageMs < this.#keepMs ? ageMs : null;
  }

  /** The store has lost what it knew a moment ago: who is not there may be put back yet (C-61). */
  get mending(): boolean {
    const { youngMs } = this;
    return this.#lost && youngMs !== null && youngMs < leaseTimes.patienceMs;
  }

  /** Others may know of something that Redis has lost, and have not been there since to put it back (C-61). */
  get othersAway(): boolean {
    return [...this.#others.values()].some(({ dead, back }) => !dead && !back);
  }

  /** Redis may have lost something. */
  doubt(): void {
    for (const other of this.#others.values()) other.back = false;
  }

  async leave(): Promise<void> {
    this.#leaving = true;
    this.#host.serversChanged();
    await this.#enlist().catch(ignoreUnavailable);
  }

  /** Its inbox hears: from here on it is there. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#tick();
  }

  /** Begins anew under another name, as soon as its inbox hears. */
  rename(name: string): void {
    this.#name = name;
    this.#until = Number.NEGATIVE_INFINITY;
    this.#state = 'new';
    this.#begun = false;
  }

  end(): void {
    this.#state = 'ended';
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#state === 'ended' || !this.#begun) return;
    if (this.#state === 'open' && this.#host.raw() >= this.#until) this.#close();
    if (this.#asked) {
      if (this.#host.raw() - this.#askedAt >= leaseTimes.answerMs) this.#host.unanswered();
      return;
    }
    this.#asked = true;
    this.#askedAt = this.#host.raw();
    void this.#renew()
      .catch((error: Error) => {
        if (error instanceof StoreUnavailable) this.#host.unable(error.message);
        else this.#host.failed(error);
      })
      .finally(() => {
        this.#asked = false;
      });
  }

  #close(): void {
    this.#state = 'closed';
    this.#host.closed();
  }

  async #renew(): Promise<void> {
    const { raw, inbox, keys } = this.#host;
    this.#beat += 1;
    const name = this.#name;
    const askedAt = raw();
    const reply = (await this.#host.run(renew, keys, [name, inbox, this.#beat])) as Reply[];
    if (this.#state === 'ended' || name !== this.#name) return;
    const verdict = String(reply[0]);
    if (verdict === 'dead') return this.#host.fenced();
    if (verdict === 'unknown') {
      await this.#enlist();
      if (this.#state !== 'new') this.#storeLost();
      return this.#renew();
    }
    if (this.#state === 'open' && raw() >= this.#until) this.#close();
    this.#until = askedAt + leaseTimes.validMs;
    const before = this.#state;
    if (before !== 'open') this.#forgetOthers();
    const youngForMs = Number(reply[1]);
    this.#bornAt = youngForMs > 0 ? raw() - (this.#keepMs - youngForMs) : null;
    this.#lost = String(reply[2]) === 'lost';
    this.#learn(reply.slice(3) as Buffer[][], askedAt, raw());
    if (before !== 'open' && raw() < this.#until) {
      this.#state = 'open';
      this.#host.opened(before === 'closed');
    }
    this.#host.renewed();
    await this.#judge();
  }

  #storeLost(): void {
    this.#forgetOthers();
    this.#host.lost();
  }

  /** Redis was away: what was known of others' leases says nothing any more. */
  #forgetOthers(): void {
    for (const other of this.#others.values()) other.beat = '';
    this.doubt();
    this.#judgeAt = this.#host.raw() + leaseTimes.patienceMs;
  }

  async #enlist(): Promise<void> {
    const text = JSON.stringify({ url: this.#url, leaving: this.#leaving });
    const before = this.#host.cameFirst() ? 2 : 0;
    const wasThere = this.#state !== 'new' && !this.#leaving ? 1 : before;
    await this.#host.run(enlist, this.#host.keys, [this.#name, text, this.#keepMs, wasThere]);
  }

  #learn(servers: readonly Buffer[][], askedAt: number, now: number): void {
    const present = new Set<string>();
    let changed = false;
    for (const [nameBytes, text, beatBytes, age, dead] of servers) {
      const name = String(nameBytes);
      if (name === this.#name) continue;
      present.add(name);
      const { url, leaving } = JSON.parse(String(text)) as { url: string | null; leaving: boolean };
      const state = { url, leaving, dead: Number(dead) === 1 };
      const known = this.#others.get(name);
      const beat = String(beatBytes);
      const moved = known !== undefined && known.beat !== '' && known.beat !== beat;
      // The renewal lies between the two last looks; seen for the first time, it may have been as late as this one.
      const at = moved ? Math.min(now, Math.max(now - Number(age), this.#seenAt)) : now;
      const until = known?.beat === beat ? known.until : at + leaseTimes.validMs;
      // A Redis that was away tells of an older beat until it is renewed.
      const back = known?.back || Number(age) <= beatMs;
      if (moved) this.#host.alive(name);
      changed ||= known?.url !== url || known.leaving !== leaving || known.dead !== state.dead;
      this.#others.set(name, { ...state, beat, until, back });
    }
    for (const [name, { until }] of this.#others) {
      if (present.has(name)) continue;
      this.#host.gone(name, Math.max(0, now - until));
      this.#others.delete(name);
      changed = true;
    }
    this.#seenAt = askedAt;
    if (changed) this.#host.serversChanged();
  }

  /** It is leaving, and there is another one that stays: nobody's users are given to it (C-53). */
  get #yields(): boolean {
    return this.#leaving && this.seats.some(({ leaving }) => !leaving);
  }

  async #judge(): Promise<void> {
    const { raw, keys } = this.#host;
    for (const [name, other] of this.#others) {
      if (!other.dead) {
        if (raw() < Math.max(other.until, this.#judgeAt)) continue;
        if ((await this.#host.run(bury, keys, [name, other.beat])) !== 1) continue;
        other.dead = true;
        this.#host.serversChanged();
      }
      if (!this.#yields) this.#host.dead(name, Math.max(0, raw() - other.until));
    }
  }
}

/** The last beat of a server that has renewed its lease in time is at most so old, in milliseconds. */
const beatMs = 1.2 * leaseTimes.renewMs;

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}
