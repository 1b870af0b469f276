import type { Random } from '../random.ts';

export type Direction = 'up' | 'down';

/** How good a way is, one way. */
export interface Quality {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly loss: number;
}

/** What stops packets on a way. */
export interface Cut {
  readonly up: boolean;
  readonly down: boolean;
  /**
   * One-way cuts only: something in the middle goes on acknowledging for the far end, so that the open
   * direction flows on (a proxy that is stuck). Without it the missing acknowledgements stop the open one too.
   */
  readonly stuck: boolean;
  /** Only the way to this server; `null`: to all. */
  readonly server: string | null;
}

/** The way between one device and the servers. */
export class Path {
  quality: Quality;
  readonly #random: Random;
  readonly #cuts = new Set<Cut>();

  constructor(quality: Quality, random: Random) {
    this.quality = quality;
    this.#random = random;
  }

  /** @returns ends the cut */
  cut(cut: Cut): () => void {
    this.#cuts.add(cut);
    return () => this.#cuts.delete(cut);
  }

  /** Everything that is cut for `server`, or for all when `null`. */
  cutOf(server: string | null): { up: boolean; down: boolean } {
    const cuts = [...this.#cuts].filter((cut) => cut.server === server);
    return { up: cuts.some(({ up }) => up), down: cuts.some(({ down }) => down) };
  }

  /** Names for which something is cut (`null`: all servers). */
  cutFor(): (string | null)[] {
    return [...new Set([...this.#cuts].map(({ server }) => server))];
  }

  /** Whether packets pass. */
  open(direction: Direction, server: string): boolean {
    if (this.#cuts.size === 0) return true;
    return ![...this.#cuts].some((cut) => cut[direction] && concerns(cut, server));
  }

  /** Whether acknowledgements of what goes in `direction` come back. */
  acknowledged(direction: Direction, server: string): boolean {
    if (this.#cuts.size === 0) return true;
    const back = direction === 'up' ? 'down' : 'up';
    return ![...this.#cuts].some((cut) => cut[back] && !cut.stuck && concerns(cut, server));
  }

  lost(): boolean {
    return this.quality.loss > 0 && this.#random.chance(this.quality.loss);
  }

  /** How long a packet that goes now takes. */
  travelMs(): number {
    const { delayMs, jitterMs } = this.quality;
    return delayMs + (jitterMs > 0 ? this.#random.int(0, jitterMs) : 0);
  }

  /** TCP's first retransmission timeout on this way: a round trip, and 200 ms for its variation. */
  timeoutMs(): number {
    return 2 * this.quality.delayMs + 200;
  }
}

function concerns(cut: Cut, server: string): boolean {
  return cut.server === null || cut.server === server;
}
