import type { Callback, RunLimits } from '../../trace.ts';
import type { Model } from '../model.ts';
import { at, ms, type Report } from '../report.ts';
import { earliest, latest, tickMs } from '../silence.ts';
import { joinFailed } from '../takeover.ts';
import { type Client, endOf, type Interval, type Packet, type Told, type World } from '../world.ts';

/** C-3: a client that stood still this long has slept, and its clocks start at waking. */
const sleepMs = 4_000;
const connecting = 2;
const connected = 3;
const reconnecting = 4;
/** What holds until the first server says otherwise: a client cannot know the settings of one it never met (C-1). */
const defaults = { interruptedMs: 4_000, lostMs: 10_000, giveUpMs: null };

/** C-2, C-12, C-13: what A is told of its own connection comes never early and at most 250 ms late. */
export function judgeOwnLimits(model: Model, report: Report): void {
  for (const client of model.world.clients) new OwnClock(client, model.world, report).run();
}

class OwnClock {
  private readonly client: Client;
  private readonly world: World;
  private readonly report: Report;
  /** Freezes too short for a sleep; their time is subtracted. */
  private readonly naps: readonly Interval[];
  private readonly sleeps: Interval[];
  private readonly stop: number;
  /** Since when there surely was silence, and since when there may have been. */
  private since: number;
  private last: number;
  private joined = false;
  private interruptedFrom: number | null = null;
  private lostTold = false;
  private accusedInterrupted = false;
  private accusedLost = false;
  private accusedGiveUp = false;
  private webState: number | null = null;

  constructor(client: Client, world: World, report: Report) {
    this.client = client;
    this.world = world;
    this.report = report;
    this.naps = client.freezes.filter(
      ({ from, to }) => to - from < sleepMs || to === Number.POSITIVE_INFINITY,
    );
    this.sleeps = client.freezes.filter(
      ({ from, to }) => to - from >= sleepMs - tickMs && to < Number.POSITIVE_INFINITY,
    );
    this.stop = Math.min(endOf(client), world.end);
    this.since = client.joinAt;
    this.last = client.joinAt;
  }

  run(): void {
    const { reads, told } = this.client;
    let r = 0;
    let c = 0;
    while (r < reads.length || c < told.length) {
      const read = reads[r];
      const callback = told[c];
      const isRead = read !== undefined && (callback === undefined || read.position < callback.position);
      this.wake((isRead ? read : callback)?.t ?? this.stop);
      if (isRead) {
        this.read(read);
        r++;
      } else if (callback !== undefined) {
        this.told(callback);
        c++;
      }
    }
    this.wake(this.stop);
    this.missed(this.stop);
  }

  private get limits(): Pick<RunLimits, 'interruptedMs' | 'lostMs' | 'giveUpMs'> {
    return this.joined ? this.world.limits : defaults;
  }

  private wake(t: number): void {
    while (this.sleeps[0] !== undefined && this.sleeps[0].to <= t) {
      const { from, to } = this.sleeps[0];
      this.sleeps.shift();
      this.missed(from);
      this.last = Math.max(this.last, to);
      if (to - from >= sleepMs) this.since = Math.max(this.since, to);
    }
  }

  private read(packet: Packet): void {
    if (!this.joined) return; // until the join the clock runs from the call (C-13)
    if (packet.t - this.last > this.limits.interruptedMs) {
      this.missed(packet.t);
      this.accusedInterrupted = false;
    }
    if (!packet.sure) {
      this.last = packet.t;
      return;
    }
    if (
      this.interruptedFrom !== null &&
      packet.arrived < this.interruptedFrom &&
      this.since < packet.arrived
    ) {
      this.accuse(
        'C-3',
        packet.t,
        `was told it is interrupted while a packet of ${at(packet.arrived)} waited`,
      );
    }
    this.last = packet.t;
    this.since = Math.max(this.since, packet.arrived);
  }

  private told({ t, callback }: Told): void {
    const { limits } = this;
    switch (callback.name) {
      case 'join-success':
      case 'rejoin-success':
        if (!this.joined) this.missed(t);
        this.joined = true;
        this.returned(t);
        break;
      case 'interrupted':
        if (this.client.kind === 'web') break;
        this.report.figures.interrupted.push(this.reached('C-2', 'interrupted', t, limits.interruptedMs));
        this.interruptedFrom = earliest(this.since, limits.interruptedMs, this.naps);
        break;
      case 'lost':
        if (this.client.kind === 'web') break;
        this.report.figures.lost.push(this.reached(this.joined ? 'C-2' : 'C-13', 'lost', t, limits.lostMs));
        this.lostTold = true;
        break;
      case 'state':
        this.state(t, callback);
        break;
      default:
        break;
    }
  }

  private state(t: number, { state, reason }: Extract<Callback, { name: 'state' }>): void {
    const { limits } = this;
    if (this.client.kind === 'web') this.webNotice(t, state);
    if (state === 5 && reason === joinFailed) {
      if (limits.giveUpMs === null) this.accuse('C-10', t, 'gave up although it is to try until connection');
      else this.reached('C-12', 'failed', t, limits.giveUpMs);
    }
  }

  /** C-12: connection-state-change says CONNECTED → CONNECTING at 4 s, and back at the resume. */
  private webNotice(t: number, state: number): void {
    const leaves = state === connecting || state === reconnecting;
    if (leaves && this.webState === connected && this.joined) {
      this.reached('C-12', 'connecting (web state)', t, this.limits.interruptedMs);
      this.interruptedFrom = earliest(this.since, this.limits.interruptedMs, this.naps);
    }
    if (state === connected && this.joined) this.returned(t);
    this.webState = state;
  }

  private returned(t: number): void {
    this.since = t;
    this.last = t;
    this.interruptedFrom = null;
    this.lostTold = false;
    this.accusedInterrupted = false;
    this.accusedLost = false;
  }

  /** Judges a callback that says a limit was reached; returns how late it was. */
  private reached(promise: string, what: string, t: number, limitMs: number): number {
    const from = earliest(this.since, limitMs, this.naps);
    const due = latest(this.last, limitMs, this.naps);
    const silence = `last packet ${at(this.since)}, limit ${limitMs} ms`;
    if (t < from) this.accuse(promise, t, `was told ${what} ${ms(from - t)} early (${silence})`);
    else if (t > due)
      this.accuse(promise, t, `was told ${what} ${ms(t - due)} after the latest (${silence})`);
    return t - from;
  }

  /** By `t` something should have been told. */
  private missed(t: number): void {
    const until = Math.min(t, this.stop);
    const { interruptedMs, lostMs, giveUpMs } = this.limits;
    const { kind } = this.client;
    if (giveUpMs !== null && !this.accusedGiveUp && latest(this.last, giveUpMs, this.naps) < until) {
      this.accusedGiveUp = true;
      this.accuse('C-12', until, `did not give up; its last packet was at ${at(this.last)}`);
    }
    if (kind === 'web' && this.webState !== connected) return;
    const interruptible = this.joined && this.interruptedFrom === null && !this.accusedInterrupted;
    if (interruptible && latest(this.last, interruptedMs, this.naps) < until) {
      this.accusedInterrupted = true;
      const what = kind === 'web' ? 'connecting (C-12)' : 'interrupted';
      this.accuse('C-2', until, `was not told ${what}; its last packet was at ${at(this.last)}`);
    }
    const losable = kind !== 'web' && !this.lostTold && !this.accusedLost;
    if (losable && latest(this.last, lostMs, this.naps) < until) {
      this.accusedLost = true;
      const since = this.joined ? 'its last packet' : 'the call to join';
      this.accuse(this.joined ? 'C-2' : 'C-13', until, `was not told lost; ${since} was at ${at(this.last)}`);
    }
  }

  private accuse(promise: string, t: number, text: string): void {
    this.report.accuse(promise, t, this.client.name, `${this.client.name} ${text}`);
  }
}
