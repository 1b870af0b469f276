import { type Entry, encodeEntry } from '@holdfast/core';
import { expect, it, vi } from 'vitest';
import { key, RecordingHolder } from '../store.suite.ts';
import { StoreUnavailable } from '../unavailable.ts';
import { type ChannelHost, RedisChannel } from './channel.ts';
import { looking } from './jobs.ts';
import type { Reply } from './link.ts';
import { read, type Script } from './scripts.ts';

it('C-60 what a server was not told is read as soon as Redis can be asked, though nothing more is said', async () => {
  const holder = new RecordingHolder('s1');
  const answers: (() => Reply)[] = [
    () => ['whole', head(0), [], [], []].map(asReply),
    () => {
      throw new StoreUnavailable('TRYAGAIN');
    },
    () => ['tail', head(2), [logged(1), logged(2)]].map(asReply),
  ];
  const run = async ({ sha }: Script) => (sha === read.sha ? (answers.shift()?.() ?? null) : 1);
  const channel = seen(holder, { run });
  await channel.follow();
  channel.told({ first: { ...life, seq: 2 }, entries: [said(2)] });
  await vi.waitFor(() => expect(holder.messages).toEqual([1, 2]));
});

it('C-55 a server that has lost its lease keeps nobody waiting for a channel', async () => {
  const asked: Script[] = [];
  let renew = () => {};
  const open = () => new Promise<void>((resolve) => (renew = resolve));
  const channel = seen(new RecordingHolder('s1'), {
    open,
    run: async (script) => {
      asked.push(script);
      return 1;
    },
  });
  const followed = channel.follow();
  channel.void(new StoreUnavailable('this server has lost its lease'));
  await expect(followed).rejects.toThrow('has lost its lease');
  // As another server it has another channel: this one asks for nothing in its name.
  renew();
  const fail = vi.fn();
  channel.ask(looking([1], unexpected, fail));
  renew();
  await vi.waitFor(() => expect(fail).toHaveBeenCalledOnce());
  expect(asked).toEqual([]);
});

/** A channel as one server sees it. */
function seen(holder: RecordingHolder, host: Partial<ChannelHost>): RedisChannel {
  return new RedisChannel(key, 'app/room', ['facts'], {
    ...{ name: 's1', inbox: 'inbox:', holder, mending: false, othersAway: false },
    history: { entries: 10, bytes: 1_000, ageMs: 1_000 },
    newId: () => 'id',
    open: async () => {},
    note: async () => {},
    run: async () => unexpected(),
    foster: unexpected,
    restored: unexpected,
    failed: unexpected,
    idled: () => {},
    ...host,
  });
}

const life = { incarnation: 'life', epoch: 1 };

function head(seq: number): Buffer[] {
  return [life.incarnation, `${life.epoch}`, `${seq}`, 'communication'].map((text) => Buffer.from(text));
}

function logged(number: number): Buffer {
  return Buffer.concat([Buffer.from('0 x'), encodeEntry(said(number))]);
}

function said(number: number): Entry {
  const data = new Uint8Array([number]);
  return { type: 'message', message: { uid: 1, join: 1, stream: 1, number, data, sentAt: 0 } };
}

function asReply(value: string | Reply): Reply {
  return typeof value === 'string' ? Buffer.from(value) : value;
}

function unexpected(): never {
  throw new Error('this was not expected');
}
