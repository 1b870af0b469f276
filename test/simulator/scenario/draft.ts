import type { Random } from '../random.ts';
import type { Platform, Profile, Role } from '../trace.ts';
import type { Quality } from '../world/path.ts';
import type { Action, Device, Scenario } from './scenario.ts';

export const endMs = 60_000;
/** From here on nothing happens any more, so that everybody must come to see the same. */
export const calmFromMs = 50_500;

/** A scenario while it is being made up. */
export class Draft {
  readonly devices: Device[] = [];
  readonly actions: Action[] = [];
  /** A server is gone for good; the other one has to come back every time. */
  hasLostServer = false;

  constructor(
    readonly random: Random,
    readonly servers: readonly string[],
    readonly store: Scenario['store'],
    readonly profiles: ReadonlyMap<string, Profile>,
  ) {}

  /** Adds an action; after the calm has begun there are none. */
  at(time: number, action: ActionBody): void {
    if (time < calmFromMs) this.actions.push({ at: Math.round(time), ...action } as Action);
  }

  /** A device of a user who may be new or, on another device, known already. */
  device(uid: number, channel: string): Device {
    const { random } = this;
    const device: Device = {
      name: `u${uid}${'abcdefgh'[this.devices.filter((other) => other.uid === uid).length - 1] ?? ''}`,
      uid,
      channel,
      platform: random.weighted(platforms),
      profile: this.profiles.get(channel) ?? 'communication',
      quality: quality(random),
    };
    this.devices.push(device);
    return device;
  }

  join(time: number, device: Device): void {
    const { role, publish } = this.manner(device);
    const first = this.random.int(0, this.servers.length - 1);
    this.at(time, { type: 'join', device: device.name, role, publish, first });
  }

  /** A role and whether it publishes. */
  manner({ profile }: Device): { role: Role; publish: boolean } {
    const role = profile === 'live' && this.random.chance(0.3) ? 'audience' : 'host';
    return { role, publish: role === 'host' && this.random.chance(0.85) };
  }

  /** A time at which something may begin. */
  moment(): number {
    return this.random.int(3_500, 42_000);
  }

  /** A length around one of the limits, or any; it ends before the calm begins. */
  length(from: number): number {
    const { random } = this;
    const limit = random.pick([2_500, 4_000, 10_000, 10_000, 20_000, 20_000]);
    const ms = random.chance(0.7) ? limit + random.int(-1_600, 1_000) : random.int(100, 25_000);
    return Math.max(50, Math.min(ms, calmFromMs - from));
  }
}

type ActionBody = Action extends infer A ? (A extends Action ? Omit<A, 'at'> : never) : never;

const platforms: Readonly<Record<Platform, number>> = {
  android: 4,
  windows: 2,
  linux: 2,
  ios: 3,
  macos: 2,
  web: 7,
};

export function quality(random: Random): Quality {
  const kind = random.weighted({ near: 4, middle: 4, far: 3, farther: 1, lossy: 1, bad: 0.5 });
  switch (kind) {
    case 'near':
      return { delayMs: random.int(1, 20), jitterMs: random.int(0, 5), loss: 0 };
    case 'middle':
      return { delayMs: random.int(20, 80), jitterMs: random.int(0, 30), loss: 0 };
    case 'far':
      return { delayMs: random.int(80, 130), jitterMs: random.int(0, 20), loss: 0 };
    case 'farther':
      return { delayMs: random.int(150, 500), jitterMs: random.int(0, 100), loss: 0 };
    case 'lossy':
      return { delayMs: random.int(5, 100), jitterMs: random.int(0, 20), loss: random.int(1, 10) / 100 };
    case 'bad':
      return { delayMs: 50, jitterMs: 0, loss: 0.3 };
  }
}
