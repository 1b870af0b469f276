import { expect, test } from 'vitest';
import { dialectOf } from './dialects.ts';
import { type Expected, judge, type Timing } from './judge.ts';
import { due } from './promises.ts';
import type { Said } from './users.ts';

const me = { channel: 'room', uid: 11 };
const connection = { channelId: 'room', localUid: 11 };
const dialect = dialectOf('android', me);
const lastPacketAt = 1_000_000;

test('a story told in order, in time and with the right arguments has no violation', () => {
  const verdict = verdictOn([...interruptedAt(4_000), offline(22, 1, 20_250)]);
  expect(verdict.findings).toEqual([]);
  expect(verdict.lateness).toEqual([
    { figure: 'interrupted', ms: 0, who: 'B' },
    { figure: 'offline', ms: 250, who: 'B' },
  ]);
});

test('early by one millisecond is a violation, whatever the allowance', () => {
  expect(kinds([...interruptedAt(3_999), offline(22, 1, 20_000)])).toEqual(['early', 'early']);
});

test('a time between two whole milliseconds is not taken for early', () => {
  expect(kinds([...interruptedAt(4_000.9), offline(22, 1, 20_000.1)])).toEqual([]);
});

test('a callback before anything it could count from is early', () => {
  expect(kinds([...interruptedAt(-5), offline(22, 1, 20_000)])).toEqual(['early', 'early']);
});

test('late is later than the promised lateness and the allowance', () => {
  expect(kinds([...interruptedAt(4_000), offline(22, 1, 20_260)])).toEqual([]);
  expect(kinds([...interruptedAt(4_000), offline(22, 1, 20_261)])).toEqual(['late']);
});

test('a callback that never comes is missing', () => {
  expect(kinds(interruptedAt(4_000))).toEqual(['missing']);
  expect(kinds([])).toEqual(['missing', 'missing', 'missing']);
});

test('anything more than promised is a violation, also a repetition', () => {
  const told = [...interruptedAt(4_000), offline(22, 1, 20_000)];
  expect(kinds([...told, say('onUserJoined', 23_000, connection, 22, 0)])).toEqual(['extra']);
  expect(kinds([...told, offline(22, 1, 20_001)])).toEqual(['extra']);
  expect(kinds([say('onConnectionLost', 3_000, connection), ...told])).toEqual(['extra']);
});

test('the specific callback before its state callback is out of order', () => {
  const [state, specific] = interruptedAt(4_000);
  const told = [specific, state, offline(22, 1, 20_000)] as Said[];
  expect(kinds(told)).toEqual(['order']);
});

test.each([
  ['the wrong reason', offline(22, 0, 20_000)],
  ['the wrong user', offline(23, 1, 20_000)],
  ['a missing argument', say('onUserOffline', 20_000, connection, 22)],
  ['an argument too many', say('onUserOffline', 20_000, connection, 22, 1, 'more')],
  ['another channel', say('onUserOffline', 20_000, { channelId: 'other', localUid: 11 }, 22, 1)],
])('%s is a violation', (_, said) => {
  expect(kinds([...interruptedAt(4_000), said])).toEqual(['arguments']);
});

test('neighbours told together may come in any order, but all must come', () => {
  const told = [22, 33].flatMap((uid) => due(dialect.appeared({ uid, publishes: true }), 'C-23'));
  const together = told.map((each) => ({ ...each, together: 'present' }));
  const [first, second] = [33, 22].map((uid) => say('onUserJoined', 0, connection, uid, 5)) as [Said, Said];
  expect(judge('A', [first, second], [together], 0).findings).toEqual([]);
  expect(judge('A', [first, second], [told], 0).findings.map(({ kind }) => kind)).toEqual(['order']);
  expect(judge('A', [first], [together], 0).findings.map(({ kind }) => kind)).toEqual(['missing']);
});

test('of several acceptable stories the nearest counts', () => {
  const verdict = judge('A', interruptedAt(4_000), [[], expected().slice(0, 2)], 0);
  expect(verdict.findings).toEqual([]);
  expect(judge('A', [], [[], expected()], 0).findings).toEqual([]);
  expect(judge('A', [offline(22, 1, 20_000)], [[], expected()], 0).findings).toHaveLength(1);
});

test('a violation names the observer and the promise', () => {
  const [finding] = verdictOn(interruptedAt(4_000)).findings;
  expect(finding).toMatchObject({ who: 'B', promise: 'C-20' });
  expect(finding?.text).toContain('onUserOffline');
});

function expected(): Expected[] {
  return [
    ...due(dialect.interrupted(), 'C-11', limit(4_000), 'interrupted'),
    ...due(dialect.peerGone(22), 'C-20', limit(20_000), 'offline'),
  ];
}

function limit(atLeastMs: number): Timing {
  const since = (at: number) => (at >= lastPacketAt ? lastPacketAt : undefined);
  return { text: 'the last packet', since, atLeastMs, atMostMs: atLeastMs + 250 };
}

function verdictOn(said: readonly Said[]) {
  return judge('B', said, [expected()], 10);
}

function kinds(said: readonly Said[]): string[] {
  return verdictOn(said).findings.map(({ kind }) => kind);
}

function interruptedAt(ms: number): Said[] {
  return [
    say('onConnectionStateChanged', ms, connection, 4, 2),
    say('onConnectionInterrupted', ms, connection),
  ];
}

function offline(uid: number, reason: number, ms: number): Said {
  return say('onUserOffline', ms, connection, uid, reason);
}

function say(callback: string, ms: number, ...args: unknown[]): Said {
  return { t: lastPacketAt + ms, callback, args };
}
