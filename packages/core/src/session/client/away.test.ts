/** What a connection still brings of others while its user has been told that it is away (C-22). */
import { expect, it } from 'vitest';
import { type Member, nothingPassed } from '../../presence/index.ts';
import { allRights, noMedia, type ServerFrame, type Welcome } from '../../wire/frames.ts';
import { ClientSession } from './session.ts';
import type { ClientInput, ClientOutput } from './types.ts';

it('C-22 on the connection that comes back it is told after the return', () => {
  const a = new User();
  a.away(5_000);
  a.hear(arrival(2, 8));
  a.hear(arrival(3, 9));
  expect(a.told.at(-1)).toBe('interrupted');
  a.hear(beat({ answer: a.probe() }));
  expect(a.told.slice(-3)).toEqual(['rejoined', 'peer-joined 8', 'peer-joined 9']);
});

it('C-11 on a slow path the answer proves the return though the probe has been doubted, and one sent long ago does not', () => {
  const a = new User();
  a.away(5_000);
  a.hear(beat({}));
  const first = a.probe();
  a.away(6_200);
  a.hear(beat({ answer: first }));
  expect(a.told.at(-1)).toBe('rejoined');
  const b = new User();
  b.away(5_000);
  b.hear(beat({}));
  const stale = b.probe();
  b.away(9_500);
  b.hear(beat({ answer: stale }));
  expect(b.told).not.toContain('rejoined');
});

it('C-22 what began and ended meanwhile cancels out', () => {
  const a = new User();
  a.hear(arrival(2, 8));
  a.away(5_000);
  a.hear(entries(3, { ...somebody, uid: 8, gone: 'quit' }));
  a.hear(arrival(4, 8));
  a.hear(arrival(5, 9));
  a.hear(entries(6, { ...somebody, uid: 9, gone: 'quit' }));
  a.hear(arrival(7, 10));
  a.hear(beat({ answer: a.probe() }));
  expect(a.told.slice(-2)).toEqual(['rejoined', 'peer-joined 10']);
});

it('C-22 where another connection takes over, that one tells it', () => {
  const a = new User();
  a.away(5_000);
  a.hear(beat({ heardMs: 4_000 }));
  a.hear(arrival(2, 8));
  a.hear({ ...welcome, position: { ...welcome.position, seq: 2 } });
  expect(a.told.at(-1)).toBe('interrupted');
  a.take({ type: 'opened', attempt: 2 });
  a.hear({ type: 'standby-ready' }, 2);
  expect(a.sent('takeover')).toMatchObject({ position: { seq: 1 } });
  a.hear({ ...welcome, complete: false }, 2);
  a.hear(arrival(2, 8), 2);
  expect(a.told.slice(-2)).toEqual(['rejoined', 'peer-joined 8']);
});

const welcome: Welcome = {
  type: 'welcome',
  ...{ minor: 0, session: 's', secret: 'x', uid: 7, join: 3, members: [], complete: true },
  position: { incarnation: 'i', epoch: 1, seq: 1 },
  limits: { interruptedMs: 4_000, lostMs: 10_000, giveUpMs: null },
  ...{ servers: [], spreadMs: 0, outage: null, received: [], rights: allRights, messagesPerSecond: null },
  media: noMedia,
};

function beat(rest: { heardMs?: number; answer?: number }): ServerFrame {
  return { type: 'heartbeat', id: 1, answer: 0, heardMs: 0, rttMs: 5, spreadMs: 0, ...rest };
}

const who = { account: '', join: 1, platform: 'linux', role: 'host', streams: [] } as const;
const somebody: Omit<Member, 'uid'> = { ...who, gone: 'no', passed: nothingPassed, sent: [] };

/** The log's entry of somebody who comes. */
function arrival(seq: number, uid: number): ServerFrame {
  return entries(seq, { ...somebody, uid });
}

function entries(seq: number, member: Member): ServerFrame {
  return {
    type: 'entries',
    first: { incarnation: 'i', epoch: 1, seq },
    entries: [{ type: 'member', member }],
  };
}

/** In the channel by its first connection. */
class User {
  readonly told: string[] = [];
  readonly #frames: Extract<ClientOutput, { type: 'send' }>['frame'][] = [];
  readonly #session = new ClientSession(
    {
      ...{ appId: 'app', channel: 'room', token: '', uid: 7, account: '', platform: 'linux', sdk: 'test' },
      ...{ profile: 'communication', self: { role: 'host', streams: [] }, servers: ['ws://1'], limits: {} },
    },
    { next: () => 0.5, id: () => 'an-id-of-sixteen' },
  );
  #now = 0;

  constructor() {
    this.take({ type: 'start' });
    this.take({ type: 'opened', attempt: 1 });
    this.hear(welcome);
  }

  take(input: ClientInput): void {
    for (const output of this.#session.handle(input, this.#now)) {
      if (output.type === 'send') this.#frames.push(output.frame);
      if (output.type !== 'notice') continue;
      const { notice } = output;
      this.told.push('member' in notice ? `${notice.type} ${notice.member.uid}` : notice.type);
    }
  }

  hear(frame: ServerFrame, attempt = 1): void {
    this.take({ type: 'frame', attempt, frame });
  }

  away(end: number): void {
    for (let due = this.#session.deadline(); due !== null && due.at <= end; due = this.#session.deadline()) {
      this.#now = Math.max(this.#now, due.at);
      this.take({ type: 'deadline' });
    }
    this.#now = end;
  }

  sent<Type extends string>(type: Type) {
    return this.#frames.findLast((frame) => frame.type === type);
  }

  /** The number of the newest probe. */
  probe(): number {
    const probe = this.#frames.findLast((frame) => frame.type === 'heartbeat' && frame.id !== 0);
    return probe?.type === 'heartbeat' ? probe.id : 0;
  }
}
