/** Honest users whose every packet is known here: some are measured, some fall silent and come back. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Welcome } from '@holdfast/core';
import { stayOf } from './access.ts';
import { channelOf } from './crowd.ts';
import type { Episode } from './judge.ts';
import { joined, type Raw, type Stay } from './raw.ts';

interface Witness {
  readonly raw: Raw;
  readonly stay: Stay;
  readonly welcome: Welcome;
}

/** Above every honest SDK user. */
const firstUid = 100_000;
const probeEveryMs = 100;
const overdueMs = 250;

export class Witnesses {
  readonly #all: readonly Witness[];
  #rttMs: number[] = [];
  /** Probes under way, and since when. */
  readonly #awaited = new Map<number, number>();
  #probes = 0;
  #probing = true;

  private constructor(all: readonly Witness[]) {
    this.#all = all;
    for (const { raw } of all) void this.#probe(raw);
  }

  /** One in each of so many channels. */
  static async enter(url: string, count: number): Promise<Witnesses> {
    const all: Witness[] = [];
    for (let index = 0; index < count; index += 1) {
      const stay = stayOf(channelOf(index), firstUid + index);
      const entered = await joined(url, stay);
      if (entered === null) throw new Error(`the witness in ${stay.channel} was not let in`);
      all.push({ ...entered, stay });
    }
    return new Witnesses(all);
  }

  /** One whose session id is stolen. */
  get victim(): Witness {
    const [first] = this.#all;
    if (first === undefined) throw new Error('there is no witness');
    return first;
  }

  /** Round trips of heartbeats since the last time, in ms. One that has not come back counts with its age. */
  takeRoundTrips(): number[] {
    const now = performance.now();
    const open = [...this.#awaited.values()].map((at) => now - at).filter((ms) => ms > overdueMs);
    const taken = [...this.#rttMs, ...open];
    this.#rttMs = [];
    return taken;
  }

  /** Those whose connection was ended. */
  get ended(): string[] {
    return this.#all
      .filter(({ raw }) => raw.ended !== null)
      .map(({ stay, raw }) => `${stay.uid}: ${raw.ended}`);
  }

  /** Half of them say nothing for a while; their connections stay. */
  async fallSilent(forMs: number): Promise<Episode[]> {
    const silent = this.#all.filter((_, index) => index % 2 === 1);
    for (const { raw } of silent) raw.answering = false;
    // What was said just before is under way.
    const silentAt = Date.now();
    for (const { raw } of silent) raw.send({ type: 'heartbeat', id: 0, answer: 0 });
    await sleep(forMs);
    const backAt = Date.now();
    for (const { raw } of silent) {
      raw.answering = true;
      raw.send({ type: 'heartbeat', id: 0, answer: 0 });
    }
    return silent.map(({ stay: { uid, channel } }) => ({ uid, channel, silentAt, backAt }));
  }

  close(): void {
    this.#probing = false;
    for (const { raw } of this.#all) raw.close();
  }

  /** Every second one that does not fall silent asks for a sign of life, ten times a second. */
  async #probe(raw: Raw): Promise<void> {
    raw.heard = (frame) => {
      if (frame.type !== 'heartbeat') return;
      const at = this.#awaited.get(frame.answer);
      if (at === undefined) return;
      this.#awaited.delete(frame.answer);
      this.#rttMs.push(performance.now() - at);
    };
    const index = this.#all.findIndex((each) => each.raw === raw);
    while (this.#probing && index % 2 === 0) {
      const id = ++this.#probes;
      this.#awaited.set(id, performance.now());
      raw.send({ type: 'heartbeat', id, answer: 0 });
      await sleep(probeEveryMs);
    }
  }
}
