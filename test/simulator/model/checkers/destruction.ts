import type { Model } from '../model.ts';
import { at, ms, type Report } from '../report.ts';
import { storeRoundTripMs, storeSettlesMs } from '../silence.ts';
import type { Channel, Incarnation, Interval, Packet } from '../world.ts';

/** C-34: an abandoned channel is destroyed 10 s after the newest packet or goodbye of any user, not before. */
export function judgeDestruction(model: Model, report: Report): void {
  for (const channel of model.world.channels.values()) {
    if (channel.incarnations.length > 0) new Life(channel, model, report).run();
  }
}

class Life {
  private readonly channel: Channel;
  private readonly model: Model;
  private readonly report: Report;
  private readonly limitMs: number;
  private readonly ids = new Set<string>();
  private alive: Incarnation | null = null;
  /** A blackout may take a channel along or leave it: nothing is known until the next event. */
  private known = true;
  private accused = false;
  /** Of what was heard: the next to come. */
  private next = 0;

  constructor(channel: Channel, model: Model, report: Report) {
    this.channel = channel;
    this.model = model;
    this.report = report;
    this.limitMs = model.world.limits.channelDestroyMs;
  }

  run(): void {
    for (const event of this.channel.incarnations) {
      this.hear(event.position, event.t, event.event === 'created');
      if (event.event === 'created') this.created(event);
      else this.destroyed(event);
    }
    this.hear(Number.POSITIVE_INFINITY, this.model.world.end, true);
  }

  /** Takes in what was heard up to an event and looks for a gap that should have been the end. */
  private hear(position: number, t: number, judgeGap: boolean): void {
    const { heard } = this.channel;
    while (this.next < heard.length) {
      const packet = heard[this.next];
      if (packet === undefined || packet.position > position) break;
      this.judgeGap(packet.t);
      this.next += 1;
    }
    if (judgeGap) this.judgeGap(t);
  }

  private judgeGap(until: number): void {
    const { heard } = this.channel;
    const last = heard[this.next - 1];
    if (last === undefined || until - last.t <= this.limitMs) return;
    this.passBlackouts(until);
    if (this.alive === null || !this.known || this.accused) return;
    const due = this.model.silence.latest(heard, this.next - 1, this.limitMs);
    if (due >= until) return;
    this.accused = true;
    this.accuse(due, `was not destroyed by ${at(due)}; its last packet was at ${at(last.t)}`);
  }

  private passBlackouts(until: number): void {
    const since = this.alive?.t ?? Number.POSITIVE_INFINITY;
    if (this.model.world.blackouts.some(({ from }) => from >= since && from <= until)) this.known = false;
  }

  /** C-61: a store that lost a channel is told of it again by the servers of its users; where all of them died too, by none. */
  private isForgotten(t: number): boolean {
    const since = this.alive?.t ?? Number.POSITIVE_INFINITY;
    return this.model.world.storeLosses.some(
      (loss) => loss.to >= since && loss.to <= t && !this.isRemembered(loss, t),
    );
  }

  private isRemembered(loss: Interval, t: number): boolean {
    const until = Math.min(t, loss.to + storeSettlesMs);
    const users = [...this.channel.users.values()].flatMap(({ clients }) => clients);
    return users.some(({ heard }) => {
      // An attempt that was refused is no stay.
      const last = heard.findLast((packet) => packet.t < loss.from && !packet.first);
      const lives = this.model.world.servers.get(last?.connection.server ?? '')?.running ?? [];
      return last !== undefined && lives.some(({ from, to }) => from <= last.t && to >= until);
    });
  }

  private created(event: Incarnation): void {
    this.passBlackouts(event.t);
    if (this.alive !== null && this.known) {
      this.accuse(event.t, `got incarnation ${event.id} while ${this.alive.id} was alive`);
    }
    if (this.ids.has(event.id)) this.accuse(event.t, `got incarnation ${event.id} a second time`);
    this.ids.add(event.id);
    this.alive = event;
    this.known = true;
    this.accused = false;
  }

  private destroyed(event: Incarnation): void {
    this.passBlackouts(event.t);
    if (this.known && this.alive?.id !== event.id) {
      this.accuse(event.t, `lost incarnation ${event.id}, which was not alive`);
    }
    const forgotten = this.isForgotten(event.t);
    this.alive = null;
    this.known = true;
    if (forgotten) return;
    const last = this.lastSure(event.t);
    if (last === undefined) return;
    const { silence } = this.model;
    const from = silence.earliest(last, this.limitMs, () => null);
    const due = silence.latest(this.channel.heard, this.next - 1, this.limitMs);
    const why = `its last packet was at ${at(last.arrived)}`;
    if (event.t < from) this.accuse(event.t, `was destroyed ${ms(from - event.t)} early; ${why}`);
    else if (event.t > due && !this.accused) {
      this.accuse(event.t, `was destroyed ${ms(event.t - due)} after the latest; ${why}`);
    }
    const waiting = this.channel.heard[this.next];
    const arrived = waiting === undefined ? event.t : waiting.arrived + silence.relayMs(last, waiting);
    if (waiting !== undefined && event.t >= from && arrived < from) {
      this.accuse(
        event.t,
        `was destroyed while a packet of ${at(waiting.arrived)} waited to be read; ${why}`,
      );
    }
    this.report.figures.destroyed.push(event.t - from);
  }

  /** In a cluster a packet is not known to the others at once. */
  private lastSure(t: number): Packet | undefined {
    const known = this.model.world.cluster ? t - storeRoundTripMs : t;
    for (let i = this.next - 1; i >= 0; i--) {
      const packet = this.channel.heard[i];
      if (packet?.sure && packet.t <= known) return packet;
    }
    return undefined;
  }

  private accuse(t: number, text: string): void {
    this.report.accuse('C-34', t, this.channel.name, `channel ${this.channel.name} ${text}`);
  }
}
