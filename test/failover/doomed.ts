/** Users who die together with their server, and what the others are told of them (C-52, C-58). */
import { defaultLimits } from '@holdfast/core';
import { type Figures, figure } from '../bench/figures.ts';
import { type Edge, edgesAt } from '../cluster/cluster.ts';
import { type Class, classOf } from '../conformance/dialects.ts';
import { Host } from '../conformance/users.ts';
import { type Place, platforms, type Talker, type World } from './world.ts';

/** In a process of their own at one server, one in each of some channels. */
export class Doomed {
  readonly #uids = new Map<string, number>();
  readonly #observers: readonly Talker[];
  readonly #host = new Host();

  private constructor(world: World, { port }: Place) {
    const channels = [...new Set(world.talkers.map(({ channel }) => channel))].slice(0, platforms.length);
    for (const [index, channel] of channels.entries()) {
      const joining = { channel, uid: firstUid + index, platform: platforms[index] ?? 'linux' } as const;
      this.#host.join({ ...joining, ports: [port], profile: 'communication', publishes: true });
      this.#uids.set(channel, joining.uid);
    }
    this.#observers = world.talkers.filter(({ channel }) => this.#uids.has(channel));
  }

  /** Resolves when everybody else in their channels knows of them. */
  static async join(world: World, place: Place): Promise<Doomed> {
    const doomed = new Doomed(world, place);
    for (const talker of doomed.#observers) {
      const isThere = ({ uid }: Edge) => uid === doomed.#of(talker);
      await talker.user.until('it meets one who will die', () => edgesAt(talker.user).some(isThere), 10_000);
    }
    return doomed;
  }

  die(): void {
    this.#host.close();
  }

  isAbout({ uid }: Edge): boolean {
    return [...this.#uids.values()].includes(uid);
  }

  /** @param at when they died, in ms since the epoch: their last packet was at most a heartbeat before */
  figures(at: number): Figures {
    const told = this.#observers.map(({ user, platform, ...talker }) => ({
      wanted: reports[classOf(platform)],
      edges: edgesAt(user, at).filter(({ uid }) => uid === this.#of(talker)),
    }));
    const wrong = told.filter(
      ({ wanted, edges }) => `${edges.map(({ callback }) => callback)}` !== `${wanted.map(([name]) => name)}`,
    );
    const late = told.flatMap(({ wanted, edges }) =>
      edges.map(({ callback, t }) => t - at - (wanted.find(([name]) => name === callback)?.[1] ?? 0)),
    );
    return {
      reports_of_the_dead: figure(late.length, 'callbacks'),
      not_reported_once: figure(wrong.length, 'observers', 0),
      reported_early: figure(late.filter((ms) => ms < -defaultLimits.heartbeatMs).length, 'callbacks', 0),
      reported_late_max: figure(Math.max(...late), 'ms', lateMs),
    };
  }

  #of({ channel }: Pick<Talker, 'channel'>): number {
    return this.#uids.get(channel) ?? 0;
  }
}

/** What observers are told of somebody who is silent for good, and after how long, in milliseconds. */
const reports: Readonly<Record<Class, readonly (readonly [string, number])[]>> = {
  native: [['onUserOffline', defaultLimits.peerOfflineMs]],
  apple: [['didOfflineOfUid', defaultLimits.peerOfflineMs]],
  web: [
    ['stream-removed', defaultLimits.streamRemovedMs],
    ['peer-leave', defaultLimits.peerLeaveMs ?? Number.POSITIVE_INFINITY],
  ],
};

const firstUid = 100_001;
/** A lease's validity, 250 ms, and a round trip to Redis (C-58). */
const lateMs = 1_500 + 250 + 10;
