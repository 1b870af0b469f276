import { expect, test } from 'vitest';
import { initialized, inside } from './stage.ts';

test('C-32 without VoIP mode the background suspends the connection, and nothing is told on coming back', async () => {
  const { host, engine, told } = await inside();
  const first = host.latest;
  expect(engine.notifyAppState('background')).toBe(0);
  expect(first.frames.at(-1)).toEqual({ type: 'suspend' });
  await host.pass(60_000);
  expect(host.latest).toBe(first);
  expect(engine.notifyAppState('foreground')).toBe(0);
  await host.pass(3_000);
  expect(host.latest).not.toBe(first);
  expect(told).toEqual([]);
});

test('C-32 VoIP mode keeps the connection; switching it tells nobody', async () => {
  const { host, engine, told } = await inside();
  const first = host.latest;
  expect(engine.setVoipMode(true)).toBe(0);
  engine.notifyAppState('background');
  expect(first.sent('suspend')).toEqual([]);
  engine.setVoipMode(false);
  expect(first.frames.at(-1)).toEqual({ type: 'suspend' });
  engine.setVoipMode(true);
  await host.pass(100);
  expect(host.latest).not.toBe(first);
  expect(told).toEqual([]);
});

test('C-80 wrong words are refused', () => {
  const { engine } = initialized();
  expect(engine.setVoipMode('on' as never)).toBe(-2);
  expect(engine.notifyAppState('asleep' as never)).toBe(-2);
});

test('C-32 where the system tells of the background, nobody else need, from initialize to release', async () => {
  const { host, engine, told } = await inside();
  const first = host.latest;
  host.app('background');
  expect(first.frames.at(-1)).toEqual({ type: 'suspend' });
  host.app('foreground');
  await host.pass(100);
  expect(host.latest).not.toBe(first);
  expect(told).toEqual([]);
  expect(host.tellsApp).toBe(true);
  engine.release();
  expect(host.tellsApp).toBe(false);
});
