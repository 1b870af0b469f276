import type { Reply } from '../cluster.ts';
import type { Timeline } from '../world/timeline.ts';
import { Data } from './data.ts';
import { Lua } from './lua.ts';

/** The Redis end of one connection. */
export interface Guest {
  told(inbox: string, message: Buffer): void;
  /** Redis is gone, or another one has taken its place. */
  dropped(): void;
}

const lua = new Lua();

/** One Redis of the simulated world: it dies, comes back, and forgets as much as the scenario says. */
export class SimulatedRedis {
  readonly #timeline: Timeline;
  readonly #wallMs: () => number;
  readonly #guests = new Set<Guest>();
  readonly #inboxes = new Map<string, Set<Guest>>();
  #data: Data;
  #up = true;
  readonly #watch: (channel: string, incarnation: string) => void;

  /** @param watch is told of a channel's every incarnation */
  constructor(timeline: Timeline, watch: (channel: string, incarnation: string) => void) {
    this.#timeline = timeline;
    this.#watch = watch;
    this.#wallMs = () => firstMomentMs + timeline.now;
    this.#data = new Data(this.#wallMs);
  }

  get up(): boolean {
    return this.#up;
  }

  enter(guest: Guest): void {
    this.#guests.add(guest);
  }

  leave(guest: Guest): void {
    this.#guests.delete(guest);
    for (const guests of this.#inboxes.values()) guests.delete(guest);
  }

  subscribe(inbox: string, guest: Guest): void {
    const guests = this.#inboxes.get(inbox) ?? new Set();
    this.#inboxes.set(inbox, guests.add(guest));
  }

  unsubscribe(inbox: string, guest: Guest): void {
    this.#inboxes.get(inbox)?.delete(guest);
  }

  run(script: string, keys: readonly string[], args: readonly Buffer[]): Reply {
    return lua.run(script, keys, args, (name, details) => {
      if (name === 'PUBLISH') return this.publish(String(details[0]), details[1] ?? Buffer.alloc(0));
      if (name === 'HSET') this.#lifeSet(details);
      return this.#data.call(name, details);
    });
  }

  #lifeSet([key, ...fields]: readonly Buffer[]): void {
    const [, channel] = /\{[^/]*\/(.*)\}:facts$/.exec(String(key)) ?? [];
    if (channel === undefined) return;
    const at = fields.findIndex((field, index) => index % 2 === 0 && String(field) === 'life');
    if (at !== -1) this.#watch(channel, String(fields[at + 1]));
  }

  publish(inbox: string, message: Buffer): number {
    const guests = this.#inboxes.get(inbox) ?? new Set();
    for (const guest of guests) guest.told(inbox, message);
    return guests.size;
  }

  /** What a replica knows that hears nothing from here on. */
  replica(): Data {
    return this.#data.copy();
  }

  /** It ends, and after `downMs` there is one that knows this: nothing, if left out; as much as it knew, if null. */
  end(downMs: number, knows: Data | null = new Data(this.#wallMs)): void {
    const next = knows ?? this.#data;
    this.#up = false;
    this.#inboxes.clear();
    for (const guest of [...this.#guests]) guest.dropped();
    this.#guests.clear();
    this.#timeline.after(downMs, () => {
      this.#data = next;
      this.#up = true;
    });
  }
}

/** By its wall clock. This Lua counts in 32 bits, so it is early in 1970. */
const firstMomentMs = 1_000_000_000;
