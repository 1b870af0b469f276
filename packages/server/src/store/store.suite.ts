/** What every store must do (store.ts). Each implementation runs it with a factory of its own. */
import { type Entry, type Member, nothingPassed, type Position } from '@holdfast/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type {
  Asked,
  ChannelKey,
  Claim,
  Claimed,
  Holder,
  JoinRequest,
  Refusing,
  Released,
  Snapshot,
  Store,
  Target,
} from './store.ts';

export interface StoreUnderTest {
  readonly store: Store;
  close(): Promise<void>;
}

export const key = { appId: 'app', channel: 'room' };
const stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };

export type Start = (...servers: RecordingHolder[]) => Promise<Store>;

export function storeSuite(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest | undefined;
    afterEach(() => under?.close());
    const start: Start = async (...servers) => {
      under = await create();
      return started(under, servers);
    };
    claimCases(start);
    messageCases(start);
    takeoverCases(start);
    endCases(start);
    lossCases(start);
  });
}

/** Connects servers, and waits until they know of each other: one that has just come hears of the others soon. */
export async function started(
  { store }: StoreUnderTest,
  servers: readonly RecordingHolder[],
): Promise<Store> {
  for (const server of servers) store.connect(server.id, server, `ws://${server.id}`);
  await told(() => expect(store.seats()).toHaveLength(servers.length));
  return store;
}

/** Order and claims (C-41, C-50). */
function claimCases(start: Start): void {
  it('C-50 two servers see the same entries in the same order', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    await store.join('s1', key, joining(9));
    await store.follow('s1', key);
    await store.follow('s2', key);
    await store.join('s1', key, joining(1));
    await store.join('s2', key, joining(2));
    await told(() => expect(s1.entries).toEqual(s2.entries));
    expect(s1.entries.map(({ uid, seq }) => [uid, seq])).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it('C-41 an old claim changes nothing, the newest resume holds the user', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    const first = granted(await store.join('s1', key, joining(1)));
    const second = granted(await store.resume('s2', key, resuming(first, 5)));
    await told(() => expect(s1.released).toEqual([[1, 'superseded']]));
    expect(second.claim.fence).toBeGreaterThan(first.claim.fence);
    expect(await store.publish(key, first.claim, { ...first.member, gone: 'quit' })).toBe(false);
    expect(await store.publish(key, second.claim, second.member)).toBe(true);
  });

  it('C-41 a lower attempt loses, the same attempt may be repeated, a wrong secret is unknown', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const first = granted(await store.join('s1', key, joining(1)));
    granted(await store.resume('s1', key, resuming(first, 7)));
    granted(await store.resume('s1', key, resuming(first, 7)));
    expect(await store.resume('s1', key, resuming(first, 6))).toEqual({ refused: 'superseded' });
    const stolen = { ...resuming(first, 8), secret: 'guess' };
    expect(await store.resume('s1', key, stolen)).toEqual({ refused: 'unknownSession' });
    expect(await store.prove(key, stolen)).toEqual({ refused: 'unknownSession' });
  });

  it('a join whose answer was lost is the same stay, not a takeover', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const first = granted(await store.join('s1', key, joining(1)));
    const again = granted(await store.join('s1', key, { ...joining(1), attempt: 2 }));
    expect([again.session, again.member.join]).toEqual([first.session, first.member.join]);
    await told(() => expect(s1.released).toEqual([[1, 'superseded']]));
  });

  it('C-25 the first join fixes the profile', async () => {
    const store = await start(new RecordingHolder('s1'));
    granted(await store.join('s1', key, joining(1)));
    expect(await store.join('s1', key, { ...joining(2), profile: 'live' })).toEqual({
      refused: 'otherProfile',
    });
  });
}

/** Messages (C-60). */
function messageCases(start: Start): void {
  it('C-60 a message that is sent again is in the log once, and under a void claim not at all', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    await store.follow('s2', key);
    const first = granted(await store.join('s1', key, joining(1)));
    await told(() => expect(s2.incarnation).not.toBe(''));
    const { join } = first.member;
    const message = (number: number) => ({
      join,
      stream: 1,
      number,
      data: new Uint8Array([number]),
      sentAt: 0,
    });
    for (const number of [1, 2, 2, 1, 3]) {
      expect(await store.send(key, first.claim, message(number))).toBe(true);
    }
    await told(() => expect(s2.messages).toEqual([1, 2, 3]));
    const second = granted(await store.resume('s2', key, resuming(first, 5)));
    expect(await store.send(key, first.claim, message(4))).toBe(false);
    expect(await store.send(key, second.claim, message(3))).toBe(true);
    expect(await store.send(key, second.claim, message(5))).toBe(true);
    await told(() => expect(s2.messages).toEqual([1, 2, 3, 5]));
  });
}

/** The same uid from elsewhere (C-35, C-40). */
function takeoverCases(start: Start): void {
  it('C-40 the same uid from elsewhere takes over; the first is told so whenever it comes back', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const first = granted(await store.join('s1', key, joining(1)));
    const second = granted(await store.join('s1', key, { ...joining(1), nonce: 'another-device-0' }));
    await told(() => expect(s1.released).toEqual([[1, 'sameUid']]));
    expect(second.member.join).toBeGreaterThan(first.member.join);
    expect(await store.resume('s1', key, resuming(first, 99))).toEqual({ refused: 'sameUid' });
    const late = { ...joining(1), attempt: 2 };
    expect(await store.join('s1', key, late)).toEqual({ refused: 'sameUid' });
  });

  it('C-35 a takeover keeps streams that it has not published, unless web had lost them', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const first = granted(await store.join('s1', key, joining(1)));
    const bare = { ...joining(1), nonce: 'another-device-0', self: { role: 'host', streams: [] } as const };
    const second = granted(await store.join('s1', key, bare));
    expect(second.member.streams).toEqual([stream]);
    expect(second.inherited.streams).toEqual([stream]);
    expect(first.inherited.streams).toEqual([]);
    const silent = { ...second.member, passed: { ...nothingPassed, streamRemoved: true } };
    await store.publish(key, second.claim, silent);
    const third = granted(await store.join('s1', key, { ...bare, nonce: 'a-third-device-00' }));
    expect(third.member.streams).toEqual([]);
  });

  it('C-40 of two stays that a restarted store meets again the newer wins', async () => {
    const store = await start(new RecordingHolder('s1'));
    granted(await store.join('s1', key, { ...joining(1), rejoin: 5 }));
    expect(await store.resume('s1', key, { ...nobody, join: 5 })).toEqual({ refused: 'unknownSession' });
    expect(await store.resume('s1', key, { ...nobody, join: 4 })).toEqual({ refused: 'sameUid' });
    const older = { ...joining(1), nonce: 'another-device-0', rejoin: 4 };
    expect(await store.join('s1', key, older)).toEqual({ refused: 'sameUid' });
    granted(await store.join('s1', key, { ...older, rejoin: 6 }));
  });
}

/** Goodbyes, destruction, oblivion (C-14, C-34, C-36). */
function endCases(start: Start): void {
  it('C-14 a goodbye from any connection reaches the holder, with the stay’s proof only', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const first = granted(await store.join('s1', key, joining(1)));
    expect(await store.leave(key, { ...resuming(first, 1), secret: 'guess' })).toEqual({
      refused: 'unknownSession',
    });
    expect(s1.left).toEqual([]);
    expect(await store.leave(key, resuming(first, 1))).toBeNull();
    await told(() => expect(s1.left).toEqual([1]));
    await store.publish(key, first.claim, { ...first.member, gone: 'quit' });
    expect(await store.leave(key, resuming(first, 1))).toBeNull();
  });

  it('C-34 the last quiet member destroys the incarnation; who returns finds a new one and the same people', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    await store.follow('s1', key);
    const [a, b] = [
      granted(await store.join('s1', key, joining(1))),
      granted(await store.join('s1', key, joining(2))),
    ];
    const before = s1.incarnation;
    const quiet = { ...nothingPassed, streamRemoved: true, channelDestroy: true };
    await store.publish(key, a.claim, { ...a.member, passed: quiet });
    expect(s1.incarnation).toBe(before);
    await store.publish(key, b.claim, { ...b.member, passed: quiet });
    await told(() => expect(s1.incarnation).toBe(''));
    const back = granted(await store.resume('s1', key, resuming(a, 2)));
    expect(back.position.incarnation).not.toBe('');
    expect(back.position.incarnation).not.toBe(before);
    await told(() => expect(s1.members.map(({ uid }) => uid).sort()).toEqual([1, 2]));
  });

  it('C-36 a forgotten or gone stay is unknown', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const first = granted(await store.join('s1', key, joining(1)));
    await store.publish(key, first.claim, { ...first.member, gone: 'quit' });
    expect(await store.resume('s1', key, resuming(first, 2))).toEqual({ refused: 'unknownSession' });
    await store.forget(key, first.claim);
    expect(await store.resume('s1', key, resuming(first, 3))).toEqual({ refused: 'unknownSession' });
  });
}

/** Servers and memories that are lost (C-52, C-59). */
function lossCases(start: Start): void {
  it('C-52 users whose last server is gone are adopted by the next that comes', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1);
    await store.follow('s1', key);
    granted(await store.join('s1', key, joining(1)));
    store.disconnect('s1');
    store.connect('s2', s2);
    await told(() => expect(s2.adopted.map(({ uid }) => uid)).toEqual([1]));
  });

  it('C-52 the users of a server that is gone are adopted once by a survivor', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    await store.follow('s1', key);
    const first = granted(await store.join('s1', key, joining(1)));
    store.disconnect('s1');
    await told(() => expect(s2.adopted.map(({ uid }) => uid)).toEqual([1]));
    expect(await store.publish(key, first.claim, first.member)).toBe(false);
  });

  it('C-59 a young store takes in whom a returner knew, until they prove who they are', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    await store.follow('s1', key);
    const known: Member = { ...blank, uid: 2, join: 4 };
    const back = { ...joining(1), rejoin: 3, known: [known], quietMs: 5_000 };
    const first = granted(await store.join('s1', key, back));
    expect(first.member.join).toBe(3);
    await told(() => expect(s1.members.map(({ uid }) => uid).sort()).toEqual([1, 2]));
    await told(() => expect(s1.adopted).toEqual([{ uid: 2, heardMs: 5_000 }]));
    const second = granted(await store.join('s1', key, { ...joining(2), rejoin: 4 }));
    expect(second.member.join).toBe(4);
  });
}

/** What the store tells comes soon, not at once: other servers may have to be asked, or found to be gone. */
export async function told(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 4_000, interval: 5 });
}

const nobody = {
  uid: 1,
  session: 'of-old',
  secret: 'x',
  account: '',
  attempt: 9,
  self: { role: 'host', streams: [] } as const,
};

export const blank: Member = {
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

export function joining(uid: number): JoinRequest {
  return {
    ...{ uid, account: '', platform: 'linux', profile: 'communication' },
    ...{ self: { role: 'host', streams: [stream] }, nonce: `the-device-of-${uid}`, attempt: 1 },
    ...{ rejoin: 0, known: [], sent: [], quietMs: 0, keepFirst: false },
  };
}

export function resuming({ claim, session, secret, member }: Claimed, attempt: number) {
  return {
    uid: claim.uid,
    account: member.account,
    session,
    secret,
    attempt,
    join: member.join,
    self: { role: 'host', streams: [stream] } as const,
  };
}

export function granted(answer: Claimed | Refusing): Claimed {
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  return answer;
}

/** A server that only writes down what the store tells it. */
export class RecordingHolder implements Holder {
  readonly entries: { uid: number; seq: number }[] = [];
  readonly released: [number, string][] = [];
  readonly adopted: { uid: number; heardMs: number }[] = [];
  readonly left: number[] = [];
  readonly heardOf: number[] = [];
  readonly snapshots: Snapshot[] = [];
  incarnation = '';
  answers: boolean | (() => Promise<boolean>) = false;
  /** Age of the last packet of every user that it gives up. */
  heardMs = 0;
  serversTold = 0;
  readonly whispers: string[] = [];
  readonly messages: number[] = [];
  readonly whispered = (_: string, text: string) => void this.whispers.push(text);
  readonly removals: Target[] = [];
  readonly #members = new Map<number, Member>();

  constructor(readonly id: string) {}

  get members(): Member[] {
    return [...this.#members.values()];
  }

  snapshot(_key: unknown, snapshot: Snapshot): void {
    const { position, members } = snapshot;
    this.snapshots.push(snapshot);
    this.incarnation = position.incarnation;
    this.#members.clear();
    for (const member of members) this.#members.set(member.uid, member);
  }

  appended(_key: unknown, position: Position, entry: Entry): void {
    if (entry.type === 'message') this.messages.push(entry.message.number);
    if (entry.type !== 'member') return;
    this.entries.push({ uid: entry.member.uid, seq: position.seq });
    this.#members.set(entry.member.uid, entry.member);
  }

  release(_key: unknown, { uid }: Claim, close: string): Released {
    this.released.push([uid, close]);
    return { heardMs: this.heardMs, marks: [], inherited: { streams: [], heardMs: 0 } };
  }

  heard(_key: unknown, { uid }: Claim): void {
    this.heardOf.push(uid);
  }

  heardAsking(_key: ChannelKey, { uid, account }: Asked): boolean {
    const member = this.#members.get(uid);
    if (member?.account === account) this.heardOf.push(uid);
    return member !== undefined;
  }

  leave(_key: unknown, { uid }: Claim): void {
    this.left.push(uid);
  }

  async probe(): Promise<boolean> {
    return typeof this.answers === 'boolean' ? this.answers : this.answers();
  }

  adopt(_key: unknown, { uid }: Claim, _member: Member, heardMs: number): void {
    this.adopted.push({ uid, heardMs });
  }

  remove(target: Target): void {
    this.removals.push(target);
  }

  degraded(): void {}

  recovered(): void {}

  fenced(): void {}

  serversChanged(): void {
    this.serversTold += 1;
  }
}
