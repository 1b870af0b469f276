/** Handlers and listeners of the native dialect. */
import { expect, test } from 'vitest';
import { admit } from '../engine/stage.ts';
import { initialized } from './stage.ts';
import type { IRtcEngineEventHandler } from './types.ts';

test('handlers come in order of registration, then listeners; a throwing one disturbs nobody (C-80)', async () => {
  const { host, engine } = initialized();
  const called: string[] = [];
  const first: IRtcEngineEventHandler = {
    onJoinChannelSuccess() {
      called.push('first');
      throw new Error('mine');
    },
  };
  const second = { onJoinChannelSuccess: () => void called.push('second') };
  engine.addListener('onJoinChannelSuccess', () => called.push('listener'));
  expect(engine.registerEventHandler(first)).toBe(true);
  expect(engine.registerEventHandler(first)).toBe(false);
  expect(engine.registerEventHandler(second)).toBe(true);
  engine.joinChannel('', 'room', 7);
  await admit(host);
  expect(called).toEqual(['first', 'second', 'listener']);
  expect(host.reported).toEqual([new Error('mine')]);
  expect(engine.getConnectionState()).toBe(3);
});

test('what was taken away is not called', async () => {
  const { host, engine, handler, told } = initialized();
  const called: string[] = [];
  const one = () => called.push('one');
  const two = () => called.push('two');
  engine.addListener('onJoinChannelSuccess', one);
  engine.addListener('onJoinChannelSuccess', two);
  engine.removeListener('onJoinChannelSuccess', one);
  engine.addListener('onConnectionStateChanged', one);
  engine.removeAllListeners('onConnectionStateChanged');
  expect(engine.unregisterEventHandler(handler)).toBe(true);
  expect(engine.unregisterEventHandler(handler)).toBe(false);
  engine.joinChannel('', 'room', 7);
  await admit(host);
  expect(called).toEqual(['two']);
  expect(told).toEqual([]);
});
