import { describe, expect, it } from 'vitest';
import { type Member, nothingPassed, type Sent } from '../../presence/index.ts';
import { Inbox } from './inbox.ts';

describe('C-62 what is missing, for a stay with the join number 10', () => {
  it('is nothing of earlier stays of a sender, of which a server hears again after it had lost its memory', () => {
    const inbox = begun(member(8, []));
    expect(inbox.state(member(8, [said(4, 1, 43), said(4, 2, 43), said(8, 1, 2)]))).toMatchObject([
      { stream: 1, from: 1, to: 2 },
    ]);
    expect(inbox.state(member(8, [said(4, 1, 43), said(8, 1, 2)]))).toEqual([]);
  });

  it('is nothing of a sender that had been away since before, but what it says from then on', () => {
    const inbox = begun();
    expect(inbox.state(member(6, [said(6, 1, 5)]))).toEqual([]);
    expect(inbox.state(member(6, [said(6, 1, 7)]))).toMatchObject([{ from: 6, to: 7 }]);
  });

  it('is all of a stay that began and ended while this one was away', () => {
    const inbox = begun();
    expect(inbox.state(member(12, [said(11, 1, 5), said(12, 1, 1)]))).toMatchObject([
      { from: 1, to: 5 },
      { from: 1, to: 1 },
    ]);
  });
});

describe('C-60 a sender whom the servers have forgotten', () => {
  it('sends again what nobody acknowledged: what the app has had it does not get twice', () => {
    const inbox = begun(member(8, []));
    const first = { uid: 1, ...said(8, 1, 1), data: new Uint8Array(), sentAt: 0 };
    expect(inbox.message(first).fresh).toBe(true);
    inbox.state({ ...member(8, [said(8, 1, 1)]), gone: 'forgotten' });
    expect(inbox.state(member(8, []))).toEqual([]);
    expect(inbox.message(first).fresh).toBe(false);
    expect(inbox.states([], [])).toEqual([]);
    expect(inbox.message(first).fresh).toBe(false);
    expect(inbox.message({ ...first, number: 2 })).toMatchObject({ fresh: true, missed: [] });
  });
});

function begun(...members: Member[]): Inbox {
  const inbox = new Inbox();
  inbox.begin(members, 10);
  return inbox;
}

function member(join: number, sent: readonly Sent[]): Member {
  return {
    ...{ uid: 1, account: '', join, platform: 'linux', role: 'host', streams: [] },
    ...{ gone: 'no', passed: nothingPassed, sent },
  };
}

function said(join: number, stream: number, number: number): Sent {
  return { join, stream, number };
}
