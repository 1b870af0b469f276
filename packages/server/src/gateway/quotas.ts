import { bounds as contract, type Join } from '@holdfast/core';
import { addressGroup, type Bounds, Meter } from '../bounds/index.ts';

/** Who asks for something that is rationed. */
export interface Asker {
  readonly appId: string;
  readonly channel: string;
  readonly uid: number;
}

/** How often what may be asked of one server (C-81). Each answer: 0, or in how many milliseconds to come again. */
export class Quotas {
  readonly #joinsOfAddress: Meter;
  readonly #joinsOfUser: Meter;
  readonly #joinsOfApp: Meter;
  readonly #messages: Meter | null;
  readonly #now: () => number;

  constructor(bounds: Bounds, now: () => number) {
    const { connections: keysMax, messagesPerSecond } = bounds;
    this.#joinsOfAddress = new Meter({ perSecond: bounds.joinsPerSecondPerAddress });
    this.#joinsOfUser = new Meter({ perSecond: bounds.joinsPerSecondPerUser, keysMax });
    this.#joinsOfApp = new Meter({ perSecond: bounds.joinsPerSecondPerApp });
    this.#messages =
      messagesPerSecond === null
        ? null
        : new Meter({ perSecond: messagesPerSecond, burst: burstOf(messagesPerSecond), keysMax });
    this.#now = now;
  }

  /**
   * A join. Whoever proves with a token to be the very user that it names is charged itself, so that a whole school
   * can come back from behind one address; everybody else is charged to the address. Resumes are not charged.
   */
  join({ credentials, uid, account }: Join, address: string, hasToken: boolean): number {
    const { appId, channel } = credentials;
    const now = this.#now();
    const named = hasToken && (uid !== 0 || account !== '');
    const waitMs = named
      ? this.#joinsOfUser.take(JSON.stringify([appId, channel, uid, account]), now)
      : this.#joinsOfAddress.take(addressGroup(address), now);
    return waitMs > 0 ? waitMs : this.#joinsOfApp.take(appId, now);
  }

  /** A message that the log does not have yet. */
  message({ appId, channel, uid }: Asker): number {
    return this.#messages?.take(`${appId}\n${channel}\n${uid}`, this.#now()) ?? 0;
  }
}

/** After an absence everything comes at once that has waited in an outbox (C-60): that is not too fast. */
function burstOf(perSecond: number): number {
  return contract.outboxMessages + 2 * perSecond;
}
