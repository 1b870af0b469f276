import type { Link, LinkListener } from '../cluster.ts';
import { type StoreSetup, watchIncarnations } from '../product.ts';
import type { Random } from '../random.ts';
import type { Recorder } from '../recorder.ts';
import type { Action } from '../scenario/scenario.ts';
import { Path } from '../world/path.ts';
import type { Process } from '../world/process.ts';
import type { Timeline } from '../world/timeline.ts';
import { Door } from './door.ts';
import { SimulatedRedis } from './redis.ts';

export type StoreAction = Extract<Action, { type: 'store-cut' | 'store-restart' | 'store-failover' }>;

export interface ClusterPlace {
  readonly timeline: Timeline;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly incarnation: StoreSetup['incarnation'];
}

/** The Redis of a run, the servers' ways to it, and what happens to both. */
export class ClusterStore {
  readonly #place: ClusterPlace;
  readonly #redis: SimulatedRedis;
  readonly #paths = new Map<string, Path>();
  readonly #doors = new Map<string, Door>();

  constructor(place: ClusterPlace) {
    this.#place = place;
    const watch = watchIncarnations(place.incarnation);
    this.#redis = new SimulatedRedis(place.timeline, watch);
  }

  door(server: Process): (listener: LinkListener) => Link {
    return (listener) => {
      const { timeline } = this.#place;
      const path = this.#path(server.name);
      const door = new Door({ timeline, path, redis: this.#redis, server }, listener);
      this.#doors.set(server.name, door);
      return door;
    };
  }

  /** The server's process is no more: its kernel closes what it had. */
  killed(server: string): void {
    this.#doors.get(server)?.close();
  }

  act(action: StoreAction): void {
    const { timeline, recorder } = this.#place;
    switch (action.type) {
      case 'store-cut':
        for (const server of action.servers) {
          const end = this.#path(server).cut({ up: true, down: true, stuck: false, server: null });
          recorder.fact({ type: 'store-away', server });
          timeline.after(action.forMs, () => {
            end();
            recorder.fact({ type: 'store-back', server });
          });
        }
        return;
      case 'store-restart':
        return this.#end(action.downMs, action.kept ? null : undefined);
      case 'store-failover': {
        const replica = this.#redis.replica();
        timeline.after(action.lostMs, () => this.#end(action.downMs, replica));
      }
    }
  }

  #end(ms: number, knows: Parameters<SimulatedRedis['end']>[1]): void {
    const { timeline, recorder } = this.#place;
    // One that is down cannot end; the next has its own time.
    if (!this.#redis.up) return;
    this.#redis.end(ms, knows);
    const lost = knows !== null;
    recorder.fact({ type: 'store-away', server: null });
    timeline.after(ms, () => {
      if (lost) recorder.fact({ type: 'store-lost' });
      recorder.fact({ type: 'store-back', server: null });
    });
  }

  #path(server: string): Path {
    const { random } = this.#place;
    const path =
      this.#paths.get(server) ?? new Path({ delayMs: random.int(0, 2), jitterMs: 1, loss: 0 }, random);
    this.#paths.set(server, path);
    return path;
  }
}
