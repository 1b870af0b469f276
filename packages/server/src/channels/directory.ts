import { drain, encodeServerFrame } from '@holdfast/core';
import type { Channel } from './channel.ts';
import type { Held } from './held.ts';

export interface DirectoryParts {
  /** The addresses of all servers that stay, for a client that came with this Host header. */
  readonly servers: (host: string) => readonly string[];
  readonly channels: () => Iterable<Channel>;
  readonly now: () => number;
}

/** What a server's clients are told of the servers: when one came or went, and when this one ends (C-10, C-53). */
export class Directory {
  readonly #parts: DirectoryParts;
  /** The addresses told last, by Host header. */
  readonly #told = new Map<string, string>();
  #drain: Drain | null = null;
  #changing = false;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
  }

  get draining(): boolean {
    return this.#drain !== null;
  }

  /** What a client is told that comes in. */
  servers(host: string): readonly string[] {
    const servers = this.#parts.servers(host);
    // Clients choose this header: no more names are kept than servers can have.
    if (this.#told.size >= hostsKept) this.#told.clear();
    this.#told.set(host, servers.join(' '));
    return servers;
  }

  /** A server came, is leaving, or is gone: told once for all that happens in a turn. */
  changed(): void {
    if (this.#changing) return;
    this.#changing = true;
    queueMicrotask(() => {
      this.#changing = false;
      if (this.#drain === null) this.#tell();
    });
  }

  /** From here on this server's clients move elsewhere, one after the other; what is left is closed after `forMs`. */
  drain(forMs: number): void {
    const all = [...this.#connected()];
    this.#drain = new Drain(this.#parts.now(), forMs, all.length);
    for (const held of all) this.welcomed(held);
  }

  /** Whoever finds another server that takes it is better off there; nobody is closed here (C-55). */
  degraded(): void {
    const all = [...this.#connected()];
    const turns = new Drain(this.#parts.now(), degradedMs, all.length);
    for (const held of all) this.#sendAway(held, turns);
  }

  /** It is not degraded any more: whoever has not gone stays (C-55). */
  recovered(): void {
    if (this.#drain !== null) return;
    const { servers } = this.#parts;
    for (const { outlet } of this.#connected())
      outlet?.send(encodeServerFrame({ type: 'drain', inMs: 0, closesMs: 0, servers: servers(outlet.host) }));
  }

  /** A client was told the whole truth: to that belongs that it is to move. */
  welcomed(held: Held): void {
    if (this.#drain !== null) this.#sendAway(held, this.#drain);
  }

  #sendAway(held: Held, turns: Drain): void {
    const { outlet } = held;
    if (outlet === null || outlet.minor < knowsMinor) return;
    const { servers, now } = this.#parts;
    outlet.send(encodeServerFrame({ type: 'drain', ...turns.turn(now()), servers: servers(outlet.host) }));
    held.sent();
  }

  #tell(): void {
    const frames = new Map<string, Uint8Array | null>();
    for (const held of this.#connected()) {
      const { outlet } = held;
      if (outlet === null) continue;
      let frame = frames.get(outlet.host);
      if (frame === undefined) {
        frame = this.#frame(outlet.host);
        frames.set(outlet.host, frame);
      }
      if (frame === null) continue;
      outlet.send(frame);
      held.sent();
    }
  }

  /** Null: its clients know. */
  #frame(host: string): Uint8Array | null {
    const before = this.#told.get(host);
    const servers = this.servers(host);
    if (servers.length === 0 || servers.join(' ') === before) return null;
    return encodeServerFrame({ type: 'servers', servers });
  }

  *#connected(): Generator<Held> {
    for (const { held } of this.#parts.channels())
      for (const each of held.values()) if ((each.outlet?.minor ?? 0) >= knowsMinor) yield each;
  }
}

/** The end of a server, and when each of its clients moves: as fast as others can take them, with time to spare. */
class Drain {
  readonly #beganAt: number;
  readonly #endsAt: number;
  readonly #gapMs: number;
  #turns = 0;

  constructor(now: number, forMs: number, clients: number) {
    this.#beganAt = now;
    this.#endsAt = now + forMs;
    this.#gapMs = Math.min(1_000 / drain.movesPerSecond, (forMs * drain.share) / Math.max(1, clients));
  }

  turn(now: number): { inMs: number; closesMs: number } {
    const at = Math.min(this.#beganAt + this.#turns * this.#gapMs, this.#endsAt);
    this.#turns += 1;
    return { inMs: Math.max(0, Math.round(at - now)), closesMs: Math.max(1, Math.round(this.#endsAt - now)) };
  }
}

const hostsKept = 1_000;
/** Since when clients know `Servers` and `Drain`; before it, an unknown frame breaks the connection (C-57). */
const knowsMinor = 1;
/** Clients of a server that is degraded leave it alone for so long, where they have a choice. */
const degradedMs = 5_000;
