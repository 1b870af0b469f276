import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { stalls } from '@holdfast/core';
import { afterEach, expect, test } from 'vitest';
import { ProcessClock } from './clock.ts';
import { Runner } from './runner.ts';

/** What the process is said to have stood still, beside what it really did; milliseconds. */
let asleepMs = 0;
const clock = new ProcessClock({ raw: () => performance.now() + asleepMs });
const runners: Runner[] = [];

afterEach(() => {
  for (const runner of runners.splice(0)) runner.stop();
});

test('C-2 a deadline is met, never early, and hardly late', async () => {
  const { story, at } = drive(clock.now() + 30);
  await until(() => story.includes('tick'));
  expect(at.tick - at.deadline).toBeGreaterThanOrEqual(0);
  expect(at.tick - at.deadline).toBeLessThan(20);
});

test('a deadline that comes nearer is noticed when something happens', async () => {
  const { story, driven, runner, at } = drive(clock.now() + 60_000);
  await sleep(5);
  driven.due = clock.now() + 10;
  runner.wake();
  await until(() => story.includes('tick'));
  expect(at.tick).toBeLessThan(clock.now() + 30_000);
});

test('a deadline that moves away costs nothing but a look', async () => {
  const { story, driven } = drive(clock.now() + 10);
  driven.due = clock.now() + 60_000;
  await sleep(30);
  expect(story).toEqual([]);
});

test('C-3 input that waits is read before a limit is judged', async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = await once(listener, 'connection');
  const { story } = drive(clock.now() + 20);
  peer.on('data', () => story.push('input'));
  await sleep(10);
  client.write('x');
  busyFor(40);
  await until(() => story.includes('tick'));
  expect(story).toEqual(['input', 'tick']);
  client.destroy();
  peer.destroy();
  listener.close();
});

test('C-3 a stall is told before a limit is judged, and is no part of the running time', async () => {
  const { story, at, driven } = drive(clock.now() + 150);
  const before = clock.now();
  asleepMs += 10_000;
  await until(() => story.includes('stalled'));
  expect(story).toEqual(['stalled']);
  expect(at.stalled - before).toBeLessThan(stalls.tickMs + 50);
  driven.due = at.stalled + 20;
  await until(() => story.includes('tick'));
  expect(story).toEqual(['stalled', 'tick']);
});

test('a stall that is noticed at the deadline itself is told first, too', async () => {
  const { story, runner } = drive(clock.now() + 5);
  asleepMs += 1_000;
  runner.wake();
  await until(() => story.includes('tick'));
  expect(story).toEqual(['stalled', 'tick']);
});

test('a stopped runner calls nothing', async () => {
  const { story, runner } = drive(clock.now() + 5);
  runner.stop();
  runner.wake();
  asleepMs += 1_000;
  await sleep(150);
  expect(story).toEqual([]);
});

test('the clock tells how late its ticks come', async () => {
  const lags: number[] = [];
  const stop = clock.onLag((ms) => lags.push(ms));
  await until(() => lags.length > 0);
  busyFor(250);
  await until(() => lags.some((ms) => ms > 50));
  stop();
});

function drive(due: number) {
  const story: string[] = [];
  const at = { deadline: due, tick: 0, stalled: 0 };
  const driven = {
    due: due as number | null,
    deadline() {
      return this.due === null ? null : { at: this.due, why: 'test' };
    },
    tick() {
      at.tick = clock.now();
      story.push('tick');
      this.due = null;
    },
    stalled() {
      at.stalled = clock.now();
      story.push('stalled');
    },
  };
  const runner = new Runner(driven, clock);
  runners.push(runner);
  runner.wake();
  return { story, at, driven, runner };
}

function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(2);
}
