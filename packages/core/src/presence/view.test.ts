import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObserverClass } from '../contract/index.ts';
import { type Member, nothingPassed, type Stream } from './member.ts';
import { Picture } from './picture.ts';
import { difference, type Edge, isAbsent, view } from './view.ts';

const stream: Stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };
const present: Member = {
  uid: 7,
  account: '',
  join: 1,
  platform: 'linux',
  role: 'host',
  streams: [stream],
  gone: 'no',
  passed: nothingPassed,
  sent: [],
};
const told = (edges: readonly Edge[]) =>
  edges.map((edge) => (edge.type === 'peer-offline' ? `${edge.type} ${edge.reason}` : edge.type));

describe('what an observer is told', () => {
  const silent10 = { ...present, passed: { ...nothingPassed, streamRemoved: true } };
  const silent20 = { ...present, passed: { ...silent10.passed, peerOffline: true, peerLeave: true } };

  it('C-20 a web observer loses the stream at 10 s, a native and an apple one nothing', () => {
    expect(told(difference(present, silent10, 'web'))).toEqual(['stream-removed']);
    expect(difference(present, silent10, 'native')).toEqual([]);
    expect(difference(present, silent10, 'apple')).toEqual([]);
  });

  it('at 20 s native and apple are told offline, web that the peer left', () => {
    for (const observer of ['native', 'apple', 'web'] as const) {
      expect(told(difference(silent10, silent20, observer))).toEqual(['peer-offline dropped']);
    }
  });

  it('a return after 20 s brings the peer back before its stream', () => {
    expect(told(difference(silent20, present, 'web'))).toEqual(['peer-joined', 'stream-added']);
    expect(told(difference(silent20, present, 'native'))).toEqual(['peer-joined']);
  });

  it('C-23 of somebody silent for 15 s a newcomer is told if native, and on the web only when it returns', () => {
    const newcomer = (observer: ObserverClass) => new Picture(observer, () => 8);
    const welcome = { members: [silent10], complete: true };
    expect(told(newcomer('native').take(welcome))).toEqual(['peer-joined']);
    expect(told(newcomer('apple').take(welcome))).toEqual(['peer-joined']);
    const web = newcomer('web');
    expect([
      web.take(welcome),
      web.apply(silent20),
      web.take({ members: [silent20], complete: true }),
    ]).toEqual([...[[], [], []]]);
    expect(told(web.apply(present))).toEqual(['peer-joined', 'stream-added']);
    expect(told(web.apply(silent10))).toEqual(['stream-removed']);
  });

  it('C-21 a goodbye ends the peer and its streams in one word', () => {
    const gone: Member = { ...present, gone: 'quit', streams: [] };
    for (const observer of ['native', 'apple', 'web'] as const) {
      expect(told(difference(present, gone, observer))).toEqual(['peer-offline quit']);
      expect(difference(silent20, gone, observer)).toEqual([]);
    }
  });

  it('C-21 a list that names somebody twice tells of it once, and as it stands there last', () => {
    const picture = new Picture('native', () => 99);
    expect(told(picture.take({ members: [present, present], complete: true }))).toEqual(['peer-joined']);
    const gone: Member = { ...present, gone: 'quit', streams: [] };
    expect(told(picture.take({ members: [gone, present], complete: true }))).toEqual([
      'peer-offline quit',
      'peer-joined',
    ]);
  });

  it('C-24 a peer without a stream fires nothing on web at 10 s', () => {
    const mute = { ...present, streams: [] };
    expect(difference(mute, { ...mute, passed: silent10.passed }, 'web')).toEqual([]);
  });

  it('C-25 a host who becomes audience goes offline with that reason', () => {
    const audience: Member = { ...present, role: 'audience' };
    expect(told(difference(present, audience, 'native'))).toEqual(['peer-offline becomeAudience']);
    expect(told(difference(audience, present, 'web'))).toEqual(['peer-joined', 'stream-added']);
  });

  it('muting is told once, and not of somebody who is not there', () => {
    const muted = { ...present, streams: [{ ...stream, audioMuted: true }] };
    expect(difference(present, muted, 'native')).toMatchObject([
      { type: 'muted', kind: 'audio', muted: true },
    ]);
    expect(difference(undefined, muted, 'native').map(({ type }) => type)).toEqual(['peer-joined', 'muted']);
    expect(difference(silent20, { ...muted, passed: silent20.passed }, 'native')).toEqual([]);
  });
});

describe('C-21 joined and offline alternate, whatever happens', () => {
  const members = fc.record({
    uid: fc.integer({ min: 1, max: 3 }),
    role: fc.constantFrom('host' as const, 'audience' as const),
    gone: fc.constantFrom('no' as const, 'quit' as const, 'forgotten' as const),
    streams: fc.constantFrom([], [stream], [stream, { ...stream, id: 2 }]),
    passed: fc.record({
      streamRemoved: fc.boolean(),
      peerOffline: fc.boolean(),
      peerLeave: fc.boolean(),
      channelDestroy: fc.boolean(),
    }),
  });
  const moves = fc.array(
    fc.oneof(
      members.map((member) => ({ members: [member], complete: false })),
      fc
        .uniqueArray(members, { selector: ({ uid }) => uid })
        .map((all) => ({ members: all, complete: true })),
    ),
  );

  it.each<ObserverClass>(['native', 'apple', 'web'])('for %s', (observer) => {
    fc.assert(
      fc.property(moves, (list) => {
        const picture = new Picture(observer, () => 99);
        const peers = new Set<number>();
        const streams = new Set<string>();
        for (const move of list) {
          const states = move.members.map((member) => ({ ...present, ...member }));
          const shown = new Set(peers);
          for (const edge of picture.take({ members: states, complete: move.complete })) check(edge);
          for (const state of states) {
            const isTold = shown.has(state.uid) || !isAbsent(state, observer);
            expect(peers.has(state.uid)).toBe(isTold && view(state, observer).peer);
          }
        }
        function check(edge: Edge): void {
          const { uid } = edge.member;
          if (edge.type === 'peer-joined') expect(peers.has(uid)).toBe(false);
          else expect(peers.has(uid)).toBe(true);
          if (edge.type === 'peer-joined') peers.add(uid);
          if (edge.type === 'peer-offline') {
            peers.delete(uid);
            for (const key of streams) if (key.startsWith(`${uid}/`)) streams.delete(key);
          }
          if (edge.type === 'stream-added' || edge.type === 'stream-removed') {
            const key = `${uid}/${edge.stream.id}`;
            expect(observer).toBe('web');
            expect(streams.has(key)).toBe(edge.type === 'stream-removed');
            if (edge.type === 'stream-added') streams.add(key);
            else streams.delete(key);
          }
        }
      }),
    );
  });
});
