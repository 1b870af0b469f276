import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../contract/index.ts';
import { type Member, nothingPassed } from '../../presence/index.ts';
import { type ServerInput, type ServerOutput, ServerSession } from './session.ts';

const stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };
const member: Member = {
  uid: 1,
  account: '',
  join: 1,
  platform: 'linux',
  role: 'host',
  streams: [stream],
  gone: 'no',
  passed: nothingPassed,
  sent: [],
};

describe('a user at its holder', () => {
  it('C-2 passes each limit at the limit, not a millisecond before', () => {
    const user = new User();
    user.silentUntil(30_000);
    const published = user.log.flatMap(({ at, output }) =>
      output.type === 'publish' ? [[at, passedBy(output.member)] as const] : [],
    );
    expect(published).toEqual([
      [10_000, 'streamRemoved channelDestroy'],
      [20_000, 'streamRemoved peerOffline peerLeave channelDestroy'],
    ]);
  });

  it('C-2 a packet a millisecond before the limit cancels it; one after it clears what was passed', () => {
    const user = new User();
    user.silentUntil(9_999);
    user.take({ type: 'heard', connection: 1 }, 9_999);
    user.silentUntil(9_999 + 10_000);
    user.take({ type: 'heard-elsewhere' }, 20_500);
    const passed = user.published().map(passedBy);
    expect(passed).toEqual(['streamRemoved channelDestroy', '']);
  });

  it('C-56 goes once and returns once, if it is back after 12 s and refused every 5 s from then on', () => {
    const user = new User();
    for (let now = 12_000; now <= 72_000; now += 5_000) {
      user.silentUntil(now);
      user.take({ type: 'heard-elsewhere' }, now);
    }
    expect(user.published().map(passedBy)).toEqual(['streamRemoved channelDestroy', '']);
  });

  it('C-16 stops sending on a connection silent for 4 s, closes it at 10 s', () => {
    const user = new User();
    user.silentUntil(12_000);
    const beats = user.log.filter(({ output }) => output.type === 'send').map(({ at }) => at);
    expect(beats).toEqual([1_000, 2_000, 3_000]);
    const closed = user.log.filter(({ output }) => output.type === 'close');
    expect(closed).toEqual([{ at: 10_000, output: { type: 'close', connection: 1, close: 'silent' } }]);
  });

  it('C-16 tells a client that is heard again after that the whole truth', () => {
    const user = new User();
    user.silentUntil(5_000);
    expect(user.session.paused).toBe(true);
    user.take({ type: 'heard', connection: 1 }, 5_000);
    expect(user.log.at(-1)?.output).toEqual({ type: 'resync', connection: 1 });
    expect(user.session.paused).toBe(false);
  });

  it('C-16 every heartbeat says how long ago the client was heard', () => {
    const user = new User();
    user.silentUntil(3_500);
    const heard = user.log.map(({ output }) => (output.type === 'send' ? output.frame.heardMs : -1));
    expect(heard).toEqual([1_000, 2_000, 3_000]);
  });

  it('skips a heartbeat where packets flow both ways', () => {
    const user = new User();
    for (let now = 500; now <= 5_000; now += 500) {
      user.take({ type: 'heard', connection: 1 }, now);
      user.take({ type: 'sent' }, now);
      user.silentUntil(now + 499);
    }
    expect(user.log).toEqual([]);
  });

  it('C-35 keeps what a takeover has not published until the old connection’s limit', () => {
    const inherited = { streams: [stream], since: -4_000 };
    const user = new User({ own: { role: 'host', streams: [] }, inherited });
    for (let now = 500; now <= 9_000; now += 500) {
      user.silentUntil(now);
      user.take({ type: 'heard', connection: 1 }, now);
    }
    const published = user.log.filter(({ output }) => output.type === 'publish');
    expect(published.map(({ at }) => at)).toEqual([6_000]);
    expect(user.session.member.streams).toEqual([]);
  });

  it('C-35 forgets what it inherited once it is published again', () => {
    const inherited = { streams: [stream], since: -4_000 };
    const user = new User({ own: { role: 'host', streams: [] }, inherited });
    user.take({ type: 'update', self: { role: 'host', streams: [stream] } }, 100);
    user.take({ type: 'update', self: { role: 'host', streams: [] } }, 200);
    expect(user.published().map(({ streams }) => streams.length)).toEqual([0]);
  });

  it('C-31 presumes the goodbye of an apple user 4 s after its end closed the connection', () => {
    const user = new User({ platform: 'ios' });
    user.take({ type: 'closed', connection: 1, cause: 'peer' }, 1_000);
    user.silentUntil(6_000);
    expect(user.log).toEqual([{ at: 5_000, output: { type: 'presume-goodbye', closedMs: 4_000 } }]);
  });

  it('C-34 a presumed goodbye is no packet: the channel’s end counts from the last one', () => {
    const user = new User({ platform: 'ios' });
    user.take({ type: 'closed', connection: 1, cause: 'peer' }, 1_000);
    user.take({ type: 'goodbye', presumed: true }, 5_000);
    user.silentUntil(10_000);
    expect(user.log.at(-1)).toMatchObject({
      at: 10_000,
      output: { member: { passed: { channelDestroy: true } } },
    });
  });

  it.each<[string, (user: User) => void]>([
    ['the user is native', () => undefined],
    [
      'the network gave up',
      (user) => user.take({ type: 'closed', connection: 1, cause: 'unreachable' }, 1_000),
    ],
    ['it was suspended (C-32)', (user) => user.take({ type: 'suspend' }, 500)],
    ['it was heard elsewhere meanwhile', (user) => user.later(3_000, { type: 'heard-elsewhere' })],
    ['it was heard elsewhere just before', (user) => user.take({ type: 'heard-elsewhere' }, 500)],
    ['the server stood still', (user) => user.later(3_000, { type: 'stalled' })],
    ['it came back', (user) => user.later(3_000, { type: 'attached', connection: 2 })],
  ])('C-31 presumes nothing where %s', (why, before) => {
    const user = new User({ platform: why.includes('native') ? 'linux' : 'macos' });
    before(user);
    user.take({ type: 'closed', connection: 1, cause: 'peer' }, 1_000);
    user.silentUntil(9_000);
    expect(user.log.filter(({ output }) => output.type === 'presume-goodbye')).toEqual([]);
  });

  it('ignores a connection that is not its own', () => {
    const user = new User();
    user.silentUntil(9_000);
    user.take({ type: 'heard', connection: 7 }, 9_000);
    user.silentUntil(10_000);
    expect(user.published().map(passedBy)).toEqual(['streamRemoved channelDestroy']);
  });

  it('is forgotten 120 s after its last packet', () => {
    const user = new User();
    user.silentUntil(120_000);
    expect(user.log.at(-1)).toEqual({ at: 120_000, output: { type: 'forget' } });
  });
});

function passedBy({ passed }: Member): string {
  return Object.entries(passed)
    .flatMap(([name, value]) => (value ? [name] : []))
    .join(' ');
}

type Start = ConstructorParameters<typeof ServerSession>[0];

/** A session with one connection, attached at 0, whose deadlines are kept. */
class User {
  readonly session: ServerSession;
  readonly log: { at: number; output: ServerOutput }[] = [];
  #over = false;
  readonly #later: { at: number; input: ServerInput }[] = [];

  constructor({
    own = { role: 'host', streams: [stream] },
    inherited = { streams: [], since: 0 },
    platform = 'linux',
  }: Partial<Pick<Start, 'own' | 'inherited'> & Pick<Member, 'platform'>> = {}) {
    const start = { member: { ...member, platform }, own, inherited, heardAt: 0 };
    this.session = new ServerSession(start, defaultLimits, () => 0, 0);
    this.take({ type: 'attached', connection: 1 }, 0);
  }

  take(input: ServerInput, now: number): void {
    for (const output of this.session.handle(input, now)) {
      this.log.push({ at: now, output });
      if (output.type === 'forget') this.#over = true;
    }
  }

  /** Takes an input at a later time, when the silence reaches it. */
  later(at: number, input: ServerInput): void {
    this.#later.push({ at, input });
  }

  silentUntil(now: number): void {
    for (;;) {
      const due = this.session.deadline();
      const next = this.#later[0];
      if (next !== undefined && next.at <= Math.min(now, due?.at ?? now)) {
        this.#later.shift();
        this.take(next.input, next.at);
        continue;
      }
      if (due === null || due.at > now || this.#over) return;
      this.take({ type: 'deadline' }, due.at);
    }
  }

  published(): Member[] {
    return this.log.flatMap(({ output }) => (output.type === 'publish' ? [output.member] : []));
  }
}
