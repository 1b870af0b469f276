import type { ClientInput, ClientOutput, Notice } from '@holdfast/core';
import { expect, test } from 'vitest';
import { Delivery } from './delivery.ts';
import { Stay } from './stay.ts';
import { granted, VirtualHost } from './virtual-host.ts';

test('a stay dials, sends and closes what its session asks for, in order', () => {
  const { host, script } = scripted();
  script.next({ type: 'dial', attempt: 1, url: 'ws://one' });
  const { stay } = script.start();
  expect(host.latest.url).toBe('ws://one');
  expect(host.latest.subprotocol).toBe('holdfast.1');
  host.latest.open();
  expect(script.inputs.at(-1)).toEqual({ type: 'opened', attempt: 1 });
  script.next(
    { type: 'send', attempt: 1, frame: { type: 'heartbeat', id: 7, answer: 0 } },
    { type: 'close', attempt: 1, code: 1_000 },
  );
  stay.renew('another');
  expect(host.latest.frames).toEqual([{ type: 'heartbeat', id: 7, answer: 0 }]);
  expect(host.latest.closedWith).toBe(1_000);
});

test('C-80 a malformed frame ends its connection with the protocol code and nothing else', () => {
  const { host, script } = scripted();
  script.next({ type: 'dial', attempt: 1, url: 'ws://one' }, { type: 'dial', attempt: 2, url: 'ws://two' });
  script.start();
  const [one, two] = host.connections;
  one?.receive(new Uint8Array([255, 255, 255]));
  expect(one?.closedWith).toBe(4_300);
  expect(script.inputs.at(-1)).toMatchObject({ type: 'closed', attempt: 1, code: 1_006 });
  two?.receive(null);
  expect(two?.closedWith).toBe(4_300);
  expect(script.inputs.at(-1)).toMatchObject({ type: 'closed', attempt: 2 });
});

test('C-3 after a stall, waiting input is read first, then the stall goes in, then limits are judged', async () => {
  const { host, script } = scripted();
  script.next({ type: 'dial', attempt: 1, url: 'ws://one' });
  script.start();
  host.latest.open();
  script.deadline = { at: host.now() + 4_000, why: 'interrupted' };
  script.inputs.length = 0;
  host.stall(60_000);
  expect(script.inputs).toEqual([]);
  host.latest.answer(granted.heartbeat(3));
  await host.settle();
  expect(script.inputs.map(({ type }) => type)).toEqual(['frame', 'stalled']);
  expect(script.inputs[1]).toEqual({ type: 'stalled', ms: 60_000 });
  // The clock stood still: 4 s are still to come.
  await host.pass(3_990);
  expect(script.inputs.map(({ type }) => type)).toEqual(['frame', 'stalled']);
  await host.pass(20);
  expect(script.inputs.at(-1)).toEqual({ type: 'deadline' });
});

test('C-3 input that is waiting when a deadline is due is read before the deadline is judged', async () => {
  const { host, script } = scripted();
  script.next({ type: 'dial', attempt: 1, url: 'ws://one' });
  script.start();
  host.latest.open();
  script.deadline = { at: host.now() + 50, why: 'interrupted' };
  script.inputs.length = 0;
  await host.pass(40);
  script.onInput = ({ type }) => {
    if (type === 'frame') script.deadline = null;
  };
  host.stall(60);
  host.latest.answer(granted.heartbeat(1));
  await host.settle();
  await host.pass(200);
  expect(script.inputs.map(({ type }) => type)).toEqual(['frame']);
});

test('C-2 a deadline is judged when it is due, not before and at once', async () => {
  const { host, script } = scripted();
  const due = host.now() + 250;
  script.deadline = { at: due, why: 'interrupted' };
  script.onInput = ({ type }) => {
    if (type === 'deadline') script.deadline = null;
  };
  script.start();
  await host.pass(249);
  expect(script.inputs).toEqual([{ type: 'start' }]);
  await host.pass(1);
  expect(script.inputs).toEqual([{ type: 'start' }, { type: 'deadline' }]);
});

test('C-15 the platform hints reach the session', () => {
  const { host, script } = scripted();
  script.start();
  host.hint('offline');
  expect(script.inputs.at(-1)).toEqual({ type: 'hint', hint: 'offline' });
});

test('C-14 what has not been delivered when the application leaves is not delivered', async () => {
  const { script, told } = scripted();
  const { stay } = script.start();
  script.next(
    { type: 'notice', notice: { type: 'state', state: 'reconnecting', reason: 'interrupted' } },
    { type: 'notice', notice: { type: 'interrupted' } },
  );
  stay.renew('');
  script.next({ type: 'notice', notice: { type: 'left', durationMs: 5 } });
  stay.leave();
  await Promise.resolve();
  expect(told).toEqual([{ type: 'left', durationMs: 5 }]);
});

test('a leave from inside a callback stops the callbacks behind it', async () => {
  const { script, told, react } = scripted();
  const { stay } = script.start();
  react.with = ({ type }) => {
    if (type === 'state') stay.leave();
  };
  script.next(
    { type: 'notice', notice: { type: 'state', state: 'reconnecting', reason: 'lost' } },
    { type: 'notice', notice: { type: 'lost' } },
  );
  stay.renew('');
  script.next({ type: 'notice', notice: { type: 'left', durationMs: 1 } });
  await Promise.resolve();
  expect(told.map(({ type }) => type)).toEqual(['state', 'left']);
});

test('C-80 a callback that throws is reported, and the next one is called', async () => {
  const { host, script, told, react } = scripted();
  const { stay } = script.start();
  react.with = ({ type }) => {
    if (type === 'interrupted') throw new Error('mine');
  };
  script.next(
    { type: 'notice', notice: { type: 'interrupted' } },
    { type: 'notice', notice: { type: 'lost' } },
  );
  stay.renew('');
  await Promise.resolve();
  expect(told.map(({ type }) => type)).toEqual(['interrupted', 'lost']);
  expect(host.reported).toEqual([new Error('mine')]);
});

test('C-14 after the end nothing is left: no timer, no listener, no connection', async () => {
  const { host, script } = scripted();
  script.next({ type: 'dial', attempt: 1, url: 'ws://one' }, { type: 'dial', attempt: 2, url: 'ws://two' });
  const { stay } = script.start();
  script.deadline = { at: host.now(), why: 'attempt' };
  stay.renew('');
  expect(host.leftovers).toBeGreaterThan(3);
  script.next({ type: 'ended' });
  stay.leave();
  expect(host.leftovers).toBe(0);
  const seen = script.inputs.length;
  host.connections[0]?.open();
  stay.update({ role: 'host', streams: [] });
  expect(script.inputs.length).toBe(seen);
});

/** A stay whose session does what the test says. */
function scripted() {
  const host = new VirtualHost();
  const told: Notice[] = [];
  const react = { with: (_notice: Notice) => {} };
  const listener = {
    notice(notice: Notice) {
      told.push(notice);
      react.with(notice);
    },
    outage: () => {},
    networkChanged: () => {},
    quality: () => {},
  };
  const script = {
    inputs: [] as ClientInput[],
    deadline: null as { at: number; why: string } | null,
    onInput: (_input: ClientInput) => {},
    outputs: [] as ClientOutput[][],
    next: (...outputs: ClientOutput[]) => script.outputs.push(outputs),
    start: () => ({ stay: new Stay({ host, delivery: new Delivery(host.report), listener, session }) }),
  };
  const session = {
    handle(input: ClientInput): ClientOutput[] {
      script.inputs.push(input);
      script.onInput(input);
      return script.outputs.shift() ?? [];
    },
    deadline: () => script.deadline,
    sendRefusal: () => null,
    roundTrip: null,
  };
  return { host, script, told, react };
}
