/** Messages in the native dialect: sending, receiving, and what is told of missing ones. */
import { allRights, type ServerFrame } from '@holdfast/core';
import { expect, test } from 'vitest';
import { granted } from '../driver/virtual-host.ts';
import { admit, entries, member, message, messages, resume } from '../engine/stage.ts';
import { here, initialized, inside } from './stage.ts';

const hello = new TextEncoder().encode('hello');

test('C-60 a message goes out on a data stream with its bytes and the time', async () => {
  const { host, engine } = await inside();
  expect(engine.createDataStream({ ordered: true, syncWithAudio: false })).toBe(1);
  expect(engine.sendStreamMessage(1, hello, hello.length)).toBe(0);
  expect(engine.sendStreamMessage(1, hello, 4)).toBe(0);
  expect(host.latest.sent('send')).toEqual([
    { type: 'send', stream: 1, number: 1, data: hello, sentAt: expect.any(Number) },
    { type: 'send', stream: 1, number: 2, data: hello.slice(0, 4), sentAt: expect.any(Number) },
  ]);
});

test('data streams are 1 to 5, in both ways of saying it, and anew in each stay', async () => {
  const { host, engine } = await inside();
  expect(
    [{}, { ordered: false }, { syncWithAudio: true }].map((config) => engine.createDataStream(config)),
  ).toEqual([1, 2, 3]);
  expect([engine.createDataStream(true, true), engine.createDataStream(false, false)]).toEqual([4, 5]);
  expect(engine.createDataStream()).toBe(-116);
  engine.leaveChannel();
  await host.pass(3_000);
  engine.joinChannel('', 'room', 7);
  expect(engine.createDataStream({})).toBe(1);
  await admit(host);
  expect(engine.sendStreamMessage(2, hello)).toBe(-3);
  expect(engine.sendStreamMessage(1, hello)).toBe(0);
});

test('C-60 what is not acknowledged is sent again after an outage, as it was at the call', async () => {
  const { host, engine } = await inside();
  engine.createDataStream({});
  const mine = hello.slice();
  engine.sendStreamMessage(1, mine);
  mine.fill(0);
  host.latest.break();
  await host.pass(10);
  engine.sendStreamMessage(1, hello);
  const connection = await resume(host);
  expect(connection.sent('send').map(({ number, data }) => [number, data])).toEqual([
    [1, hello],
    [2, hello],
  ]);
});

test('what an application may not send is refused with a code of its own', async () => {
  const { engine } = await inside();
  expect(engine.sendStreamMessage(1, hello)).toBe(-3);
  engine.createDataStream({});
  expect(engine.sendStreamMessage(-116, hello)).toBe(-3);
  expect(engine.sendStreamMessage(1, new Uint8Array(32_001))).toBe(-114);
  expect(engine.sendStreamMessage(1, new Uint8Array(40_000), 32_000)).toBe(0);
  expect(engine.sendStreamMessage(1, new Uint8Array())).toBe(0);
});

test('C-63 over the bound the sender is told so, and may go on when the channel has its messages', async () => {
  const { host, engine } = await inside();
  engine.createDataStream({});
  const large = new Uint8Array(32_000);
  const results = Array.from({ length: 32 }, () => engine.sendStreamMessage(1, large));
  expect(results.lastIndexOf(0)).toBe(30);
  expect(results.at(-1)).toBe(-22);
  messages(host, 1, message(7, 1, ''));
  expect(engine.sendStreamMessage(1, large)).toBe(0);
});

test.each([
  ['C-42 a token without the data privilege', { rights: { ...allRights, data: false } }, [-9, -9, -9]],
  ['C-81 two messages in a second', { messagesPerSecond: 2 }, [0, 0, -115]],
])('%s: the server says what it takes', async (_what, terms, results) => {
  const { host, engine } = initialized();
  engine.joinChannel('', 'room', 7);
  engine.createDataStream({});
  await host.settle();
  host.latest.open().answer({ ...granted.welcome(7), ...terms } as ServerFrame);
  expect([1, 2, 3].map(() => engine.sendStreamMessage(1, hello))).toEqual(results);
  await host.pass(1_000);
  expect(engine.sendStreamMessage(1, hello)).toBe(results[0]);
});

test('joining is not yet in the channel; C-25 an audience sends nothing until it is host', async () => {
  const { host, engine } = initialized({ channelProfile: 1 });
  engine.joinChannel('', 'room', 7);
  expect(engine.createDataStream({})).toBe(1);
  expect(engine.sendStreamMessage(1, hello)).toBe(-113);
  await admit(host);
  expect(engine.sendStreamMessage(1, hello)).toBe(-5);
  engine.setClientRole(1);
  expect(engine.sendStreamMessage(1, hello)).toBe(0);
});

test('C-60 others hear it once, each handler with data of its own', async () => {
  const { host, engine, told } = await inside();
  engine.registerEventHandler({ onStreamMessage: (_connection, _uid, _stream, data) => void data.fill(0) });
  const heard: unknown[] = [];
  engine.addListener('onStreamMessage', (connection, _uid, _stream, data) => {
    connection.localUid = 0;
    heard.push(data);
  });
  entries(host, 1, member(8));
  messages(host, 2, message(8, 1, 'hello'), message(8, 1, 'hello'), message(7, 1, 'mine'));
  await host.settle();
  expect(told.slice(1)).toEqual([['onStreamMessage', here, 8, 1, hello, 5, 1_700_000_000_000]]);
  expect(heard).toEqual([hello]);
});

test('C-62 missing messages are told once, first the error, then which and why, then what follows', async () => {
  const { host, told } = await inside();
  entries(host, 1, member(8));
  messages(host, 2, message(8, 1, 'one'), message(8, 4, 'four'));
  await host.settle();
  expect(told.slice(1)).toEqual([
    ['onStreamMessage', here, 8, 1, expect.any(Uint8Array), 3, expect.any(Number)],
    ['onStreamMessageError', here, 8, 1, 117, 2, 0],
    ['onStreamMessageGap', here, { uid: 8, streamId: 1, missed: 2, from: 2, to: 3, reason: 'log-lost' }],
    ['onStreamMessage', here, 8, 1, expect.any(Uint8Array), 4, expect.any(Number)],
  ]);
});

test.each<[string, unknown[]]>([
  ['an id that is a string', ['1', hello]],
  ['an id with a fraction', [1.5, hello]],
  ['no id', [undefined, hello]],
  ['text', [1, 'hello']],
  ['a list of numbers', [1, [104, 105]]],
  ['numbers of another size', [1, new Uint16Array(2)]],
  ['a buffer', [1, new ArrayBuffer(2)]],
  ['a proxy of bytes', [1, new Proxy(hello, {})]],
  ['no data', [1]],
  ['more than there is', [1, hello, 6]],
  ['a negative length', [1, hello, -1]],
  ['a length that is a string', [1, hello, '5']],
])('C-80 sendStreamMessage with %s', async (_what, args) => {
  const { engine } = await inside();
  engine.createDataStream({});
  expect((engine.sendStreamMessage as (...args: unknown[]) => number)(...args)).toBe(-2);
});

test.each<[string, unknown[]]>([
  ['a number', [1]],
  ['one of two booleans', [true]],
  ['a boolean and a number', [true, 1]],
  ['a choice that is no boolean', [{ ordered: 'yes' }]],
])('C-80 createDataStream with %s', async (_what, args) => {
  const { engine } = await inside();
  expect((engine.createDataStream as (...args: unknown[]) => number)(...args)).toBe(-2);
});

test('C-80 bytes whose memory was transferred away are an empty message', async () => {
  const { host, engine } = await inside();
  engine.createDataStream({});
  const gone = hello.slice();
  structuredClone(gone, { transfer: [gone.buffer] });
  expect(engine.sendStreamMessage(1, gone)).toBe(0);
  expect(host.latest.sent('send')).toMatchObject([{ data: new Uint8Array() }]);
});
