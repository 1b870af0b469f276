interface Server {
  readonly url: string;
  /** Running time at which it last had its turn. */
  turnAt: number;
  /** Attempts in a row that came to nothing, or a connection that was lost. */
  failures: number;
  /** It asked to be left alone until then. */
  restUntil: number;
  /** It drains, and another server has not told of it since (C-53). */
  leaving: boolean;
}

/**
 * The servers a client knows, and which to try next: the one whose turn was longest ago, where a server that
 * failed, is silent, or of which no server tells waits longer for its turn (C-10, C-17).
 */
export class Servers {
  #servers: readonly Server[];
  /** What servers told last; empty: nothing yet. */
  #told: ReadonlySet<string> = new Set();
  readonly #given: readonly string[];
  readonly #random: () => number;

  /** @param given in the app's order: the first join keeps it */
  constructor(given: readonly string[], random: () => number) {
    this.#given = given;
    this.#random = random;
    this.#servers = [...new Set(given)].map(fresh);
  }

  get count(): number {
    return this.#servers.length;
  }

  /**
   * A server told its clients the addresses of all that stay; an empty list changes nothing. Clients of one server
   * spread over the others: those it did not know yet come in an order of its own.
   */
  learn(urls: readonly string[]): void {
    if (urls.length === 0) return;
    this.#told = new Set(urls);
    const known = new Map(this.#servers.map((server) => [server.url, server]));
    const strangers = urls.filter((url) => !known.has(url)).map((url) => ({ url, order: this.#random() }));
    strangers.sort((a, b) => a.order - b.order);
    const kept = this.#servers.filter(({ url }) => this.#told.has(url) || this.#given.includes(url));
    for (const server of kept) if (server.leaving && this.#told.has(server.url)) stays(server);
    this.#servers = [...kept, ...strangers.map(({ url }) => fresh(url))];
  }

  /** The server at `url` asked to be left alone until `at`. */
  rest(url: string, at: number): void {
    this.#change(url, (server) => {
      server.restUntil = at;
    });
  }

  /** The server at `url` will be gone at `at`; it is tried before then only if a server tells of it again. */
  leaving(url: string, at: number): void {
    this.#change(url, (server) => {
      server.restUntil = at;
      server.leaving = true;
    });
  }

  /** A transport to it opened. */
  opened(url: string): void {
    this.#change(url, (server) => {
      server.failures = 0;
    });
  }

  /** An attempt came to nothing, or the connection was lost. */
  failed(url: string): void {
    this.#change(url, (server) => {
      server.failures += 1;
    });
  }

  /** A search begins: who failed last, or is told of by nobody, has had its turn in it, as it were. */
  searched(now: number): void {
    for (const server of this.#servers) {
      if (server.failures > 0 || this.#untold(server)) server.turnAt = Math.max(server.turnAt, now);
    }
  }

  /** Whose turn it is; null: everyone wants to be left alone. @param pending attempts under way there */
  next(now: number, pending: (url: string) => number): string | null {
    let best: Server | null = null;
    let bestAt = Number.POSITIVE_INFINITY;
    for (const server of this.#servers) {
      const { url, turnAt, failures, restUntil } = server;
      if (restUntil > now) continue;
      const waitsMs = failedMs * Math.min(failures, 5) + (this.#untold(server) ? untoldMs : 0);
      const at = turnAt + waitsMs + pendingMs * pending(url);
      if (at >= bestAt) continue;
      best = server;
      bestAt = at;
    }
    if (best === null) return null;
    best.turnAt = now;
    return best.url;
  }

  /** When the first resting server may be tried again. */
  restUntil(): number {
    return Math.min(...this.#servers.map(({ restUntil }) => restUntil));
  }

  #untold({ url }: Server): boolean {
    return this.#told.size > 0 && !this.#told.has(url);
  }

  #change(url: string, change: (server: Server) => void): void {
    const server = this.#servers.find((each) => each.url === url);
    if (server !== undefined) change(server);
  }
}

function fresh(url: string): Server {
  return { url, turnAt: longAgo, failures: 0, restUntil: longAgo, leaving: false };
}

function stays(server: Server): void {
  server.leaving = false;
  server.restUntil = longAgo;
}

/** Before any running time; a number, so that waiting longer for a turn counts there, too. */
const longAgo = -1e12;
/** How much longer a server waits for its turn for each failure… */
const failedMs = 400;
/** …for each attempt that it has not answered… */
const pendingMs = 500;
/** …and if servers tell of others only. */
const untoldMs = 1_000;
