/** Messages in the web dialect: sending, receiving, and what is told of missing ones. */
import { allRights, type ServerFrame } from '@holdfast/core';
import { expect, test } from 'vitest';
import { granted } from '../driver/virtual-host.ts';
import { entries, initialised, inside, member, message, messages, refuse, resume } from './stage.ts';

const hello = new TextEncoder().encode('hello');

test.each<[string, unknown]>([
  ['text', 'hello'],
  ['bytes', hello],
  ['an object with text', { payload: 'hello' }],
  ['an object with bytes', { payload: hello, syncWithAudio: true }],
])('C-60 a message as %s goes out on data stream 1', async (_what, given) => {
  const { host, client } = await inside();
  client.sendStreamMessage(given as string);
  expect(host.latest.sent('send')).toMatchObject([{ stream: 1, number: 1, data: hello }]);
});

test('C-61 success is told when the channel has the message, in order, also after an outage', async () => {
  const { host, client, told, callback } = await inside();
  client.sendStreamMessage('one', callback('one'));
  client.sendStreamMessage('two');
  client.sendStreamMessage('three', callback('three'), callback('failed'));
  await host.settle();
  expect(told).toEqual([]);
  await messages(host, 1, message(7, 1, 'one'));
  expect(told.splice(0)).toEqual([['one']]);
  host.latest.break();
  await host.pass(10);
  const connection = await resume(host);
  expect(connection.sent('send').map(({ number }) => number)).toEqual([2, 3]);
  told.length = 0;
  await messages(host, 1, message(7, 2, 'two'), message(7, 3, 'three'));
  expect(told).toEqual([['three']]);
});

test('bytes may be changed as soon as the call has returned', async () => {
  const { host, client } = await inside();
  const mine = hello.slice();
  host.latest.break();
  await host.pass(10);
  client.sendStreamMessage(mine);
  mine.fill(0);
  const connection = await resume(host);
  expect(connection.sent('send')).toMatchObject([{ data: hello }]);
});

test('a stay that fails fails what it has not sent; C-14 after a leave nothing is told', async () => {
  const failed = await inside();
  failed.client.sendStreamMessage('hello', failed.callback('done'), failed.callback('not sent'));
  await refuse(failed.host, 4_318, 'banned');
  expect(failed.told.map(([name, argument]) => [name, argument?.code ?? argument])).toContainEqual([
    ...['not sent', 'K_UID_BANNED'],
  ]);
  expect(failed.told.map(([name]) => name)).not.toContain('done');
  const left = await inside();
  left.client.sendStreamMessage('hello', left.callback('done'), left.callback('not sent'));
  left.client.leave();
  await left.host.pass(3_000);
  expect(left.told.map(([name]) => name)).toEqual(['connection-state-change', 'connection-state-change']);
});

test('C-60 each listener gets a message of its own; the sender is called as it has joined', async () => {
  const { host, client, told } = await inside();
  const heard: unknown[] = [];
  client.on('stream-message', ({ data }) => void data.fill(0));
  client.on('stream-message', ({ data }) => heard.push(data));
  await entries(host, 1, member(8), member(9, { account: 'bob' }));
  told.length = 0;
  await messages(host, 3, message(8, 1, 'hello'), message(9, 1, 'hello', { stream: 5 }));
  expect(told).toEqual([
    ['stream-message', { uid: 8, streamId: 1, data: hello }],
    ['stream-message', { uid: 'bob', streamId: 5, data: hello }],
  ]);
  expect(heard).toEqual([hello, hello]);
});

test('C-62 missing messages are told once, before what follows them', async () => {
  const { host, told } = await inside();
  await entries(host, 1, member(8, { account: 'bob' }));
  told.length = 0;
  await messages(host, 2, message(8, 4, 'four'));
  expect(told).toEqual([
    ['stream-message-gap', { uid: 'bob', streamId: 1, missed: 3, from: 1, to: 3, reason: 'log-lost' }],
    ['stream-message', { uid: 'bob', streamId: 1, data: expect.any(Uint8Array) }],
  ]);
});

test.each<[string, unknown, string]>([
  ['a number', 5, 'INVALID_PARAMETER'],
  ['nothing', undefined, 'INVALID_PARAMETER'],
  ['an object without a payload', {}, 'INVALID_PARAMETER'],
  ['a payload that is a number', { payload: 5 }, 'INVALID_PARAMETER'],
  ['numbers of another size', new Uint16Array(2), 'INVALID_PARAMETER'],
  ['a buffer', new ArrayBuffer(2), 'INVALID_PARAMETER'],
  ['text of 32 001 characters', 'a'.repeat(32_001), 'MESSAGE_TOO_LARGE'],
  ['text of 32 001 bytes', `a${'é'.repeat(16_000)}`, 'MESSAGE_TOO_LARGE'],
  ['32 001 bytes', new Uint8Array(32_001), 'MESSAGE_TOO_LARGE'],
])('C-80 sendStreamMessage with %s', async (_what, given, code) => {
  const { host, client, told, callback } = await inside();
  client.sendStreamMessage(given as string, callback('done'), callback('failed'));
  expect(told).toEqual([]);
  await host.settle();
  expect(told[0]).toEqual(['failed', code]);
  expect(told[1]).toMatchObject(['failure', { method: 'sendStreamMessage', code }]);
});

test('C-63 over the bound the failure says that the outbox is full', async () => {
  const { host, client, callback, told } = await inside();
  for (let sent = 0; sent < 1_000; sent += 1) client.sendStreamMessage('', callback('done'));
  client.sendStreamMessage('', callback('done'), callback('failed'));
  await host.settle();
  expect(told[0]).toEqual(['failed', 'OUTBOX_FULL']);
});

test.each([
  ['C-42 a token without the data privilege', { rights: { ...allRights, data: false } }, 'NO_DATA_PRIVILEGE'],
  ['C-81 more than the server takes in a second', { messagesPerSecond: 1 }, 'MESSAGES_TOO_FAST'],
])('%s is a failure of its own', async (_what, terms, code) => {
  const { host, client, join, told, callback } = initialised();
  join();
  await host.settle();
  host.latest.open().answer({ ...granted.welcome(7), ...terms } as ServerFrame);
  await host.settle();
  for (let sent = 0; sent < 2; sent += 1) client.sendStreamMessage('hello', undefined, callback('failed'));
  await host.settle();
  expect(told.findLast(([name]) => name === 'failed')).toEqual(['failed', code]);
});

test('outside a channel, and C-25 as audience, nothing is sent', async () => {
  const { host, client, told, callback } = initialised('live');
  client.sendStreamMessage('hello', undefined, callback('outside'));
  await host.settle();
  expect(told.find(([name]) => name === 'outside')).toEqual(['outside', 'INVALID_OPERATION']);
  const live = await inside('live');
  live.client.sendStreamMessage('hello', undefined, live.callback('audience'));
  live.client.setClientRole('host');
  live.client.sendStreamMessage('hello', undefined, live.callback('host'));
  await live.host.settle();
  expect(live.told.find(([name]) => name === 'audience')).toEqual(['audience', 'INVALID_OPERATION']);
  expect(live.host.latest.sent('send')).toHaveLength(1);
});
