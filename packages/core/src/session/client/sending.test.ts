/** Own messages: when they are taken, and when the app is told that the channel has them. */
import { expect, it } from 'vitest';
import { allRights, type Entry, noMedia, type ServerFrame } from '../../wire/frames.ts';
import { ClientSession } from './session.ts';
import type { ClientInput, StayOptions } from './types.ts';

it('C-61 the app is told of each own message that is in the log, once', () => {
  const a = joined();
  for (const stream of [1, 2, 1]) a.take({ type: 'send', stream, data: new Uint8Array(1), sentAt: 5 });
  expect(a.take(frame(entries(2, { stream: 1, number: 1 })))).toEqual(['acknowledged 1/1']);
  expect(a.take(frame(entries(3, { stream: 1, number: 1 })))).toEqual([]);
  a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
  a.take({ type: 'opened', attempt: 2 });
  const received = [
    { join: 3, stream: 2, number: 1 },
    { join: 3, stream: 1, number: 2 },
  ];
  expect(a.take({ ...frame({ ...welcome, received }), attempt: 2 })).toEqual([
    'acknowledged 2/1',
    'acknowledged 1/2',
  ]);
});

it('C-60 messages of an earlier join of the same user are not taken for own ones', () => {
  const a = joined();
  a.take({ type: 'send', stream: 1, data: new Uint8Array(1), sentAt: 5 });
  expect(a.take(frame(entries(2, { stream: 1, number: 1, join: 2 })))).toEqual([]);
});

it('C-25 an audience of a live channel sends nothing until it is host', () => {
  const a = joined({ profile: 'live', self: { role: 'audience', streams: [] } });
  expect(a.session.sendRefusal(1, 0)).toBe('audience');
  a.take({ type: 'update', self: { role: 'host', streams: [] } });
  expect(a.session.sendRefusal(1, 0)).toBeNull();
});

it('C-32 in the background messages are kept if the user is in the channel, and refused if it never was', () => {
  const inside = joined();
  inside.take({ type: 'suspend' });
  expect(inside.session.sendRefusal(1, 0)).toBeNull();
  const joining = new User();
  joining.take({ type: 'suspend' });
  expect(joining.session.sendRefusal(1, 0)).toBe('notJoined');
});

const welcome: Extract<ServerFrame, { type: 'welcome' }> = {
  type: 'welcome',
  ...{ minor: 0, session: 's', secret: 'x', uid: 7, join: 3, members: [], complete: true },
  position: { incarnation: 'i', epoch: 1, seq: 1 },
  limits: { interruptedMs: 4_000, lostMs: 10_000, giveUpMs: null },
  ...{ servers: [], spreadMs: 0, outage: null, received: [], rights: allRights, messagesPerSecond: null },
  media: noMedia,
};

function frame(sent: ServerFrame) {
  return { type: 'frame', attempt: 1, frame: sent } as const;
}

/** The log has a message of user 7. */
function entries(seq: number, of: { stream: number; number: number; join?: number }): ServerFrame {
  const message = { uid: 7, join: 3, data: new Uint8Array(1), sentAt: 5, ...of };
  const list: Entry[] = [{ type: 'message', message }];
  return { type: 'entries', first: { incarnation: 'i', epoch: 1, seq }, entries: list };
}

function joined(options: Partial<StayOptions> = {}): User {
  const user = new User(options);
  user.take({ type: 'opened', attempt: 1 });
  user.take(frame(welcome));
  return user;
}

class User {
  readonly session: ClientSession;

  constructor(options: Partial<StayOptions> = {}) {
    this.session = new ClientSession(
      {
        ...{ appId: 'app', channel: 'room', token: '', uid: 7, account: '', platform: 'linux' },
        ...{ profile: 'communication', self: { role: 'host', streams: [] }, servers: ['ws://1'] },
        ...{ limits: {}, sdk: 'test' },
        ...options,
      },
      { next: () => 0.5, id: () => 'an-id-of-sixteen' },
    );
    this.take({ type: 'start' });
  }

  /** @returns the own messages that the app is told of */
  take(input: ClientInput): string[] {
    return this.session.handle(input, 0).flatMap((output) => {
      if (output.type !== 'notice' || output.notice.type !== 'acknowledged') return [];
      return [`acknowledged ${output.notice.stream}/${output.notice.number}`];
    });
  }
}
