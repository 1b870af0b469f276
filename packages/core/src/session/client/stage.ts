/** What tests of a client's session stand on. */
import { closeCodes } from '../../contract/index.ts';
import { allRights, noMedia, type ServerFrame, type Welcome } from '../../wire/frames.ts';
import { ClientSession } from './session.ts';
import type { ClientInput, ClientOutput, StayOptions } from './types.ts';

export const welcome: Welcome = {
  type: 'welcome',
  ...{ minor: 0, session: 's', secret: 'x', uid: 7, join: 3, members: [], complete: true },
  position: { incarnation: 'i', epoch: 1, seq: 1 },
  limits: { interruptedMs: 4_000, lostMs: 10_000, giveUpMs: null },
  ...{ servers: [], spreadMs: 0, outage: null, received: [], rights: allRights, messagesPerSecond: null },
  media: noMedia,
};

export function beat(id: number, rest: { heardMs?: number; answer?: number } = {}): ServerFrame {
  return { type: 'heartbeat', id, answer: 0, heardMs: 0, rttMs: 5, spreadMs: 0, ...rest };
}

export function refused(close: keyof typeof closeCodes): ServerFrame {
  return { type: 'refused', code: closeCodes[close].code, text: '', retryMs: 0 };
}

export function joined(options: Partial<StayOptions> = {}): Client {
  const a = new Client(options);
  a.take({ type: 'opened', attempt: 1 });
  a.take({ type: 'frame', attempt: 1, frame: welcome });
  return a;
}

/** A session whose deadlines are kept, and all that came out of it. */
export class Client {
  readonly session: ClientSession;
  readonly log: { at: number; output: ClientOutput }[] = [];
  #now = 0;
  #seed = 7;

  constructor(options: Partial<StayOptions> = {}) {
    const next = () => {
      this.#seed = (this.#seed * 48_271) % 2_147_483_647;
      return this.#seed / 2_147_483_647;
    };
    this.session = new ClientSession(
      {
        ...{ appId: 'app', channel: 'room', token: '', uid: 7, account: '', platform: 'linux' },
        ...{ profile: 'communication', self: { role: 'host', streams: [] }, servers: ['ws://1'] },
        ...{ limits: {}, sdk: 'test' },
        ...options,
      },
      { next, id: () => 'an-id-of-sixteen' },
    );
    this.take({ type: 'start' });
  }

  take(input: ClientInput): void {
    for (const output of this.session.handle(input, this.#now)) this.log.push({ at: this.#now, output });
  }

  runTo(end: number): void {
    for (;;) {
      const due = this.session.deadline();
      if (due === null || due.at > end) break;
      this.#now = Math.max(this.#now, due.at);
      this.take({ type: 'deadline' });
    }
    this.#now = end;
  }

  told(): string[] {
    return this.log.flatMap(({ at, output }) => {
      if (output.type !== 'notice') return [];
      const { notice } = output;
      return [
        `${Math.round(at)} ${notice.type === 'state' ? `${notice.state}/${notice.reason}` : notice.type}`,
      ];
    });
  }

  outages() {
    return this.log.flatMap(({ output }) => (output.type === 'outage' ? [output.record] : []));
  }

  dials() {
    return this.log.flatMap(({ at, output }) => (output.type === 'dial' ? [{ at, ...output }] : []));
  }

  sent() {
    return this.log.flatMap(({ output }) => (output.type === 'send' ? [output.frame] : []));
  }

  closedAttempts(): number[] {
    return this.log.flatMap(({ output }) => (output.type === 'close' ? [output.attempt] : []));
  }

  openTransports(): number[] {
    return this.dials().flatMap(({ attempt }) => (this.closedAttempts().includes(attempt) ? [] : [attempt]));
  }
}
