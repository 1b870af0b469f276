import type { Trace } from '../trace.ts';
import { indexTrace } from './index-trace.ts';
import type { Measured } from './measured.ts';
import { settlePackets } from './packets.ts';
import { type Presence, presenceOf } from './presence.ts';
import { Reach, troublesOf } from './reach.ts';
import { ServerSilence } from './silence.ts';
import { type Said, speechOf } from './speech.ts';
import type { Client, User, World } from './world.ts';

/** What a run's facts say must have happened, computed once and when first asked for. */
export class Model implements Measured {
  readonly world: World;
  readonly silence: ServerSilence;
  private readonly downs = new Map<Client, Reach>();
  private readonly ups = new Map<Client, Reach>();
  private readonly presences = new Map<User, Presence>();
  private readonly speeches = new Map<User, readonly Said[]>();

  constructor(trace: Trace) {
    this.world = indexTrace(trace);
    settlePackets(this.world);
    this.silence = new ServerSilence(this.world);
  }

  /** From the servers to the client. */
  down(client: Client): Reach {
    return remembered(this.downs, client, () => this.reach(client, 'reads'));
  }

  /** From the client to the servers. */
  up(client: Client): Reach {
    return remembered(this.ups, client, () => this.reach(client, 'heard'));
  }

  presence(user: User): Presence {
    return remembered(this.presences, user, () => presenceOf(user, this));
  }

  speech(user: User): readonly Said[] {
    return remembered(this.speeches, user, () => speechOf(user, this.world.blackouts));
  }

  private reach(client: Client, direction: 'reads' | 'heard'): Reach {
    return new Reach(client, client[direction], troublesOf(client, this.world));
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, compute: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) {
    value = compute();
    known.set(key, value);
  }
  return value;
}
