import type { Socket } from 'node:net';
import { Allowance, addressGroup, type Bounds, Meter } from '../bounds/index.ts';

type ArrivalBounds = Pick<
  Bounds,
  | 'connections'
  | 'connectionsPerAddress'
  | 'pendingConnections'
  | 'pendingPerAddress'
  | 'connectionsPerSecondPerAddress'
>;

export interface ArrivalsOptions {
  readonly bounds: ArrivalBounds;
  /** Running time in milliseconds. */
  readonly now: () => number;
  /** Is this peer a proxy, so that its address says nothing about its clients? */
  readonly isProxy: (address: string) => boolean;
}

/** What becomes of a connection: it may go on, or is told when to come again, or is not worth an answer. */
export type Verdict = 'welcome' | 'cut' | { readonly retryMs: number };

/** A TCP connection that is open. */
interface Arrival {
  /** Who it counts for; null: a proxy whose client is not known yet. */
  address: string | null;
  verdict: Verdict;
  /** Has not brought a first frame, or a whole HTTP request. */
  pending: boolean;
  /** Ends it, as one that has waited for too long. */
  end: () => void;
}

interface Address {
  open: number;
  readonly pending: Set<Arrival>;
}

/**
 * Connections from the accepted TCP connection on: how many there are, how many wait for their first frame, and how
 * often they come, in all and by address (C-81). A newcomer is not refused because others dawdle: of those that wait,
 * the one that has waited longest is ended for it. So whoever speaks within a round trip gets in, whatever others open.
 */
export class Arrivals {
  readonly #bounds: ArrivalBounds;
  readonly #options: ArrivalsOptions;
  readonly #arrivals = new Map<string, Arrival>();
  readonly #pending = new Set<Arrival>();
  readonly #addresses = new Map<string, Address>();
  readonly #rate: Meter;
  readonly #courtesy = new Allowance({ perSecond: courtesiesPerSecond, burst: courtesiesPerSecond });

  constructor(options: ArrivalsOptions) {
    this.#options = options;
    this.#bounds = options.bounds;
    this.#rate = new Meter({ perSecond: this.#bounds.connectionsPerSecondPerAddress });
  }

  /** Open TCP connections, whatever is spoken on them. */
  get open(): number {
    return this.#arrivals.size;
  }

  /** Those of them that have not brought anything whole. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Addresses that are remembered. */
  get addresses(): number {
    return this.#addresses.size;
  }

  /** A TCP connection was accepted. */
  accepted(socket: Socket): void {
    const name = nameOf(socket);
    const peer = socket.remoteAddress ?? '';
    const arrival: Arrival = {
      address: null,
      verdict: 'welcome',
      pending: true,
      end: () => socket.destroy(),
    };
    this.#arrivals.set(name, arrival);
    this.#pending.add(arrival);
    socket.once('close', () => this.#gone(name, arrival));
    if (!this.#options.isProxy(peer)) this.#place(arrival, addressGroup(peer));
    else if (this.#full) arrival.verdict = this.#refusal(fullMs);
    if (arrival.verdict === 'cut') socket.destroy();
    else endOldest(this.#pending, this.#bounds.pendingConnections);
  }

  /** Its WebSocket handshake has come, from this client. @param end ends it, as one that has waited for too long */
  upgrading(socket: Socket, client: string, end: () => void): Verdict {
    const arrival = this.#arrivals.get(nameOf(socket));
    if (arrival === undefined) return 'cut';
    if (arrival.address === null) this.#place(arrival, addressGroup(client));
    arrival.end = end;
    return arrival.verdict;
  }

  /** It has brought a first frame, or an HTTP request. */
  spoke(socket: Socket): void {
    const arrival = this.#arrivals.get(nameOf(socket));
    if (arrival !== undefined) this.#settled(arrival);
  }

  #place(arrival: Arrival, name: string): void {
    const address = this.#addresses.get(name) ?? { open: 0, pending: new Set() };
    this.#addresses.set(name, address);
    arrival.address = name;
    address.open += 1;
    if (arrival.pending) address.pending.add(arrival);
    const crowded = this.#full || address.open > this.#bounds.connectionsPerAddress;
    const waitMs = this.#rate.take(name, this.#options.now());
    if (crowded) arrival.verdict = this.#refusal(fullMs);
    else if (waitMs > 0) arrival.verdict = this.#refusal(waitMs);
    endOldest(address.pending, this.#bounds.pendingPerAddress);
  }

  get #full(): boolean {
    return this.#arrivals.size > this.#bounds.connections;
  }

  /** An answer costs a handshake: only so many are given. */
  #refusal(retryMs: number): Verdict {
    return this.#courtesy.take(this.#options.now()) === 0 ? { retryMs } : 'cut';
  }

  #settled(arrival: Arrival): void {
    arrival.pending = false;
    this.#pending.delete(arrival);
    if (arrival.address !== null) this.#addresses.get(arrival.address)?.pending.delete(arrival);
  }

  #gone(name: string, arrival: Arrival): void {
    this.#settled(arrival);
    if (this.#arrivals.get(name) === arrival) this.#arrivals.delete(name);
    const address = arrival.address === null ? undefined : this.#addresses.get(arrival.address);
    if (arrival.address === null || address === undefined) return;
    address.open -= 1;
    if (address.open === 0) this.#addresses.delete(arrival.address);
  }
}

/** A TLS socket has the name of the TCP connection beneath it. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function endOldest(pending: Set<Arrival>, max: number): void {
  if (pending.size <= max) return;
  const [oldest] = pending;
  if (oldest === undefined) return;
  pending.delete(oldest);
  oldest.end();
}

/** When to come again where the server is full, in milliseconds. */
const fullMs = 5_000;
const courtesiesPerSecond = 200;
