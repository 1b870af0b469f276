/** What commands print. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import type { DatedOutage } from '../admin/index.ts';
import { channelsTable } from './channels.ts';
import { networkCut, networkHealed, serverKilled, welcome } from './dev/story.ts';
import { portsOf } from './dev/world.ts';
import { settingsHelp } from './settings-help.ts';
import { timelines } from './timeline.ts';
import { version } from './version.ts';

describe('holdfast channels', () => {
  test('one line for each user', () => {
    const user = { platform: 'linux', role: 'host', streams: [1] } as const;
    const users = [
      { ...user, uid: 1, account: '', present: { native: true, apple: true, web: true } },
      { ...user, uid: 2_147_483_649, account: 'ada', present: { native: true, apple: true, web: false } },
    ];
    expect(channelsTable([{ appId: 'demo', channel: 'room', incarnation: 'x', users }])).toBe(
      [
        'APP   CHANNEL  USER              PLATFORM  ROLE  PRESENT  ON WEB  STREAMS',
        'demo  room     1                 linux     host  yes      yes     1',
        'demo  room     2147483649 (ada)  linux     host  yes      no      1',
        '',
      ].join('\n'),
    );
  });

  test('nobody there', () => expect(channelsTable([])).toBe('no channels\n'));
});

describe('holdfast timeline', () => {
  test('C-90 an outage from the last packet to its end', () => {
    const outage: DatedOutage = {
      endedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      appId: 'demo',
      channel: 'room',
      uid: 7,
      session: 's',
      outage: '',
      silentMs: 15_200,
      marks: [
        { atMs: 3, what: 'connection closed' },
        { atMs: 10_000, what: 'streamRemovedMs passed' },
      ],
      end: 'returned',
    };
    expect(timelines('server-1', [outage])).toBe(
      [
        '2026-01-02 03:04:05 UTC  room, user 7: silent for 15.2 s (server-1)',
        '      0.000 s  last packet',
        '      0.003 s  connection closed',
        '     10.000 s  stream removed for web observers',
        '     15.200 s  returned',
        '',
      ].join('\n'),
    );
  });

  test('none yet', () => expect(timelines('server-1', [])).toBe('no outage on server-1\n'));
});

describe('holdfast dev', () => {
  test('begins with two lines to paste', () => {
    const text = welcome(portsOf(7880));
    expect(text).toContain('npx holdfast join demo --server ws://127.0.0.1:7890 --uid 1');
    expect(text).toContain('npx holdfast join demo --server ws://127.0.0.1:7892 --uid 2');
  });

  test('says what a cut network will show, and when', () => {
    const text = networkCut('A', defaultLimits);
    expect(text).toMatch(/at {3}4 s .*users of A {2}onConnectionInterrupted/);
    expect(text).toMatch(/at {2}10 s .*users of A {2}onConnectionLost/);
    expect(text).toMatch(/at {2}20 s .*the others {2}onUserOffline/);
  });

  test.each([
    [1_000, 'nothing: nobody had been told', 'nothing: they had not been told'],
    [8_000, 'onRejoinChannelSuccess', 'nothing: they had not been told'],
    [25_000, 'onRejoinChannelSuccess', 'onUserJoined'],
  ])('after %i ms in the dark users are told %s, others %s', (darkMs, own, others) => {
    const [, first, second] = networkHealed('A', darkMs, defaultLimits).split('\n');
    expect([first, second]).toEqual([expect.stringContaining(own), expect.stringContaining(others)]);
  });

  test('a dead server is no news while another lives', () => {
    expect(serverKilled(1, 1, 1, defaultLimits)).toMatch(/1 connection broke\.\n.*nothing/);
    expect(serverKilled(1, 2, 0, defaultLimits)).toMatch(/2 connections broke\. No server is left/);
  });
});

test('the help of serve names every setting with its variable', () => {
  expect(settingsHelp()).toContain('limits.lostMs (10000)');
  expect(settingsHelp()).toContain('HOLDFAST_LIMITS_LOST_MS');
});

test('--version is the version of the package', () => {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  expect(version).toBe(JSON.parse(text).version);
});
