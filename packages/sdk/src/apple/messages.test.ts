/** Messages in the apple dialect: sending, receiving, and what is told of missing ones. */
import { expect, test } from 'vitest';
import { admit, entries, member, message, messages } from '../engine/stage.ts';
import { configured, inside } from './stage.ts';

const hello = new TextEncoder().encode('hello');

test('C-60 a message goes out on a data stream, as it was at the call', async () => {
  const { host, engine } = await inside();
  expect([engine.createDataStream(), engine.createDataStream(true, true)]).toEqual([1, 2]);
  const mine = hello.slice();
  expect(engine.sendStreamMessage(2, mine)).toBe(0);
  mine.fill(0);
  expect(engine.sendStreamMessage(3, hello)).toBe(-3);
  expect(host.latest.sent('send')).toMatchObject([{ stream: 2, number: 1, data: hello }]);
});

test('C-60 a message of another user, in data that the delegate may keep', async () => {
  const { host, told } = await inside();
  entries(host, 1, member(8));
  messages(host, 2, message(8, 1, 'hello'));
  await host.settle();
  expect(told.at(-1)).toEqual(['receiveStreamMessageFromUid', 8, 1, hello]);
  expect(told.at(-1)?.[3].buffer.byteLength).toBe(hello.length);
});

test('C-62 missing messages: the error, then which and why, then what follows', async () => {
  const { host, told } = await inside();
  entries(host, 1, member(8));
  messages(host, 2, message(8, 3, 'three', { stream: 2 }));
  await host.settle();
  expect(told.slice(1)).toEqual([
    ['didOccurStreamMessageErrorFromUid', 8, 2, 117, 2, 0],
    ['didMissStreamMessages', { uid: 8, streamId: 2, missed: 2, from: 1, to: 2, reason: 'log-lost' }],
    ['receiveStreamMessageFromUid', 8, 2, expect.any(Uint8Array)],
  ]);
});

test('C-25 C-80 refused with a number: an audience, wrong types, an engine that was destroyed', async () => {
  const { host, kit, engine } = configured({ channelProfile: 1 });
  engine.joinChannel('', 'room', null, 7);
  await admit(host);
  engine.createDataStream({});
  expect(engine.sendStreamMessage(1, hello)).toBe(-5);
  expect(engine.sendStreamMessage(1, 'hello' as never)).toBe(-2);
  expect(engine.createDataStream('ordered' as never)).toBe(-2);
  kit.destroy();
  expect([engine.createDataStream(), engine.sendStreamMessage(1, hello)]).toEqual([-7, -7]);
});
