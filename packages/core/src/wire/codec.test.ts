import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Member } from '../presence/index.ts';
import {
  allRights,
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  type ServerFrame,
  WireError,
} from './index.ts';

const self = {
  role: 'audience',
  streams: [{ id: 1, audio: true, video: false, audioMuted: true, videoMuted: false }],
} as const;
const position = { incarnation: 'i', epoch: 1, seq: 12 };
const credentials = { minor: 0, sdk: 'sdk', appId: 'app', channel: 'ch', token: 't' };
const member: Member = {
  ...self,
  uid: 4_294_967_295,
  account: 'name',
  join: 3,
  platform: 'web',
  gone: 'quit',
  passed: { streamRemoved: true, peerOffline: false, peerLeave: true, channelDestroy: false },
  sent: [{ join: 3, stream: 1, number: 17 }],
};

const message = { uid: 1, join: 2, stream: 3, number: 4, data: Uint8Array.of(5), sentAt: 6.5 };

const clientFrames: ClientFrame[] = [
  {
    type: 'join',
    ...{ credentials, self, uid: 0, account: '', platform: 'ios', profile: 'live', nonce: 'n', attempt: 2 },
    rejoin: { quietMs: 12, picture: [member], join: 4, sent: member.sent },
  },
  {
    type: 'resume',
    ...{ credentials, self, position, uid: 1, session: 's', secret: 'x', attempt: 9 },
    ...{ standby: true, outage: 'o', join: 2, account: 'name', silentMs: 9_500 },
  },
  { type: 'takeover', self, position },
  { type: 'heartbeat', id: 1, answer: 2 },
  { type: 'update', self },
  { type: 'suspend' },
  { type: 'send', stream: 1, number: 2, data: Uint8Array.of(1, 2, 3), sentAt: 1_700_000_000_000 },
  { type: 'renew', token: '007' },
  {
    type: 'media-offer',
    ...{ place: 'm1', connection: 1, revision: 2, sdp: 'v=0' },
    sends: [{ mid: '0', stream: 1 }],
    receives: [{ mid: '1', uid: 2, stream: 1 }],
  },
  { type: 'media-close', place: 'm1', connection: 1 },
  { type: 'leave', credentials, uid: 1, account: '', session: 's', secret: 'x', join: 3 },
];

const serverFrames: ServerFrame[] = [
  {
    type: 'welcome',
    ...{ minor: 0, session: 's', secret: 'x', uid: 1, join: 1, position, members: [member], complete: true },
    limits: { interruptedMs: 4_000, lostMs: 10_000, giveUpMs: null },
    ...{ servers: ['ws://a'], spreadMs: 5 },
    ...{ received: member.sent, messagesPerSecond: 10 },
    media: { id: 'm1', iceServers: [{ urls: ['turn:t'], username: 'u', credential: 'c' }] },
    rights: { code: 0, tokenLeftMs: 30_000, audio: true, video: false, data: true },
    outage: { silentMs: 4_100, server: 's1', marks: [{ atMs: 4_000, what: 'stopped sending' }] },
  },
  { type: 'standby-ready' },
  { type: 'heartbeat', id: 1, answer: 0, heardMs: 900, rttMs: 3, spreadMs: 0 },
  {
    type: 'entries',
    first: position,
    entries: [{ type: 'member', member }, { type: 'message', message }, { type: 'nothing' }],
  },
  { type: 'refused', code: 4003, text: 'busy', retryMs: 250 },
  { type: 'refused', code: 1001, text: 'going', retryMs: 1_000, servers: ['ws://b'] },
  { type: 'farewell' },
  { type: 'servers', servers: ['ws://a', 'ws://b'] },
  { type: 'drain', inMs: 20, closesMs: 9_000, servers: ['ws://b'] },
  { type: 'rights', code: 4_313, tokenLeftMs: 0, audio: true, video: true, data: false },
  { type: 'rights', ...allRights },
  { type: 'media-place', id: '', iceServers: [] },
  { type: 'media-answer', connection: 1, revision: 2, sdp: 'v=0', fault: null, text: '', mids: [] },
  { type: 'media-answer', connection: 1, revision: 2, sdp: '', fault: 'noCodec', text: 'gone', mids: ['1'] },
];

describe('the wire', () => {
  it.each(clientFrames)('brings a client’s $type over unchanged', (frame) => {
    expect(decodeClientFrame(encodeClientFrame(frame))).toEqual(frame);
  });

  it.each(serverFrames)('brings a server’s $type over unchanged', (frame) => {
    expect(decodeServerFrame(encodeServerFrame(frame))).toEqual(frame);
  });

  it('a member who is in many welcomes is in each as it is by then', () => {
    const [welcome] = serverFrames;
    if (welcome?.type !== 'welcome') throw new Error('the first frame is another');
    const other = { ...member, uid: 2, account: '' };
    const members = [member, other];
    for (const told of [members, [other], [{ ...other, gone: 'no' as const }, ...members]]) {
      const frame = { ...welcome, members: told };
      expect(decodeServerFrame(encodeServerFrame(frame))).toEqual(frame);
    }
  });

  it('a token that lasts for years is told as one that lasts for weeks', () => {
    const rights = { ...allRights, tokenLeftMs: 3_600_000 * 24 * 365 };
    const bytes = encodeServerFrame({ type: 'rights', ...rights });
    expect(decodeServerFrame(bytes)).toMatchObject({ tokenLeftMs: 0xffff_ffff });
  });

  it('C-63 what is kept of a frame does not keep the frame, even of a Buffer of Node', () => {
    const send = encodeClientFrame({ type: 'send', stream: 1, number: 1, data: Uint8Array.of(7), sentAt: 0 });
    const bytes = new BufferLike(send);
    const frame = decodeClientFrame(bytes);
    if (frame.type !== 'send') throw new Error('another frame came');
    expect([frame.data.constructor, frame.data.buffer.byteLength]).toEqual([Uint8Array, 1]);
  });

  it('C-80 bytes that are no frame are a typed error, never another one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const decode of [decodeClientFrame, decodeServerFrame]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('C-80 a frame cut short is a typed error or another frame, never a crash', () => {
    for (const frame of clientFrames) {
      const bytes = encodeClientFrame(frame);
      for (let length = 0; length < bytes.length; length += 1) {
        try {
          decodeClientFrame(bytes.slice(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }
    }
  });
});

/** Its slices are views, as those of Node's Buffer. */
class BufferLike extends Uint8Array {
  override slice(start?: number, end?: number) {
    return this.subarray(start, end);
  }
}
