/** Frames out of a fuzzer's decisions: of the right shape, with wrong contents. */
import {
  type ClientFrame,
  type Credentials,
  closeCodes,
  type Entry,
  type MediaPlace,
  type Member,
  type Position,
  platforms,
  type Rights,
  type Self,
  type Sent,
  type ServerFrame,
  type Stream,
} from '@holdfast/core';
import type { Choices } from './choices.ts';

const codes = Object.values(closeCodes).map(({ code }) => code) as [number, ...number[]];

function stream(choices: Choices): Stream {
  return {
    id: choices.number(),
    audio: choices.chance(),
    video: choices.chance(),
    audioMuted: choices.chance(),
    videoMuted: choices.chance(),
  };
}

export function self(choices: Choices): Self {
  return { role: choices.pick(['host', 'audience']), streams: streams(choices) };
}

/** Ids are unique within a user: servers see to it. */
export function streams(choices: Choices): Stream[] {
  const list = choices.list(3, () => stream(choices));
  return list.filter(({ id }, index) => list.findIndex((other) => other.id === id) === index);
}

export function sent(choices: Choices): Sent {
  return { join: choices.number(), stream: choices.number(), number: choices.number() };
}

export function member(choices: Choices): Member {
  const flags = choices.byte();
  return {
    ...self(choices),
    uid: choices.number(),
    account: choices.text(8),
    join: choices.number(),
    platform: choices.pick(platforms as unknown as [Member['platform'], ...Member['platform'][]]),
    gone: choices.pick(['no', 'no', 'quit', 'forgotten']),
    passed: {
      streamRemoved: (flags & 1) > 0,
      peerOffline: (flags & 2) > 0,
      peerLeave: (flags & 4) > 0,
      channelDestroy: (flags & 8) > 0,
    },
    sent: choices.list(3, () => sent(choices)),
  };
}

export function position(choices: Choices): Position {
  return { incarnation: choices.pick(['', 'a', 'b']), epoch: choices.number() % 3, seq: choices.number() };
}

function rights(choices: Choices): Rights {
  return {
    code: choices.pick([0, 0, ...codes]),
    tokenLeftMs: choices.chance() ? choices.number() : null,
    audio: choices.chance(),
    video: choices.chance(),
    data: !choices.chance(),
  };
}

function entry(choices: Choices): Entry {
  const type = choices.pick(['member', 'message', 'nothing']);
  if (type === 'member') return { type, member: member(choices) };
  if (type === 'nothing') return { type };
  const data = choices.bytes(8);
  return { type, message: { ...sent(choices), uid: choices.number(), data, sentAt: choices.number() } };
}

export function serverFrame(choices: Choices): ServerFrame {
  const type = choices.pick([
    ...(['welcome', 'standby-ready', 'heartbeat', 'entries', 'refused', 'farewell', 'rights'] as const),
    ...(['unknown', 'media-place', 'media-answer', 'servers', 'drain'] as const),
  ]);
  const servers = choices.list(3, () => choices.text(4));
  switch (type) {
    case 'welcome':
      return welcome(choices);
    case 'heartbeat': {
      const [id, answer, heardMs] = [choices.number(), choices.number(), choices.number()];
      return { type, id, answer, heardMs, rttMs: choices.number(), spreadMs: choices.number() };
    }
    case 'entries':
      return { type, first: position(choices), entries: choices.list(5, () => entry(choices)) };
    case 'refused':
      return { type, code: choices.pick(codes), text: choices.text(4), retryMs: choices.number(), servers };
    case 'servers':
      return { type, servers };
    case 'drain':
      return { type, inMs: choices.number(), closesMs: choices.number(), servers };
    case 'rights':
      return { type, ...rights(choices) };
    case 'media-place':
      return { type, ...place(choices) };
    case 'media-answer': {
      const [connection, revision] = [choices.number(), choices.number()];
      return {
        type,
        connection,
        revision,
        sdp: choices.text(8),
        fault: null,
        text: choices.text(4),
        mids: [],
      };
    }
    default:
      return { type };
  }
}

function place(choices: Choices): MediaPlace {
  const server = () => ({ urls: [choices.text(4)], username: choices.text(4), credential: choices.text(4) });
  return { id: choices.pick(['', 'm']), iceServers: choices.list(2, server) };
}

function welcome(choices: Choices): ServerFrame {
  const outage = choices.chance()
    ? { silentMs: choices.number(), server: 's', marks: [{ atMs: choices.number(), what: 'm' }] }
    : null;
  return {
    type: 'welcome',
    ...{ minor: choices.number(), session: choices.text(4), secret: choices.text(4) },
    ...{ uid: choices.number(), join: choices.number(), position: position(choices) },
    ...{ members: choices.list(5, () => member(choices)), complete: choices.chance() },
    limits: {
      interruptedMs: choices.number(),
      lostMs: choices.number(),
      giveUpMs: choices.chance() ? choices.number() : null,
    },
    ...{ servers: choices.list(4, () => choices.text(4)), spreadMs: choices.number(), outage },
    ...{ received: choices.list(3, () => sent(choices)), rights: rights(choices) },
    messagesPerSecond: choices.chance() ? choices.number() : null,
    media: place(choices),
  };
}

/** What a client has been given by the server, for frames that are to be believed. */
export interface Known {
  readonly uid: number;
  readonly session: string;
  readonly secret: string;
  readonly join: number;
  readonly position: Position;
}

export function clientFrame(choices: Choices, known: Known): ClientFrame {
  const type = choices.pick([
    ...(['join', 'resume', 'takeover', 'heartbeat', 'update', 'leave', 'suspend', 'send'] as const),
    ...(['renew', 'media-offer', 'media-close'] as const),
  ]);
  const credentials = credentialsOf(choices);
  const where = choices.chance() ? position(choices) : known.position;
  const { uid, join, session, secret } = choices.chance() ? invented(choices) : known;
  switch (type) {
    case 'join':
      return joinFrame(choices, credentials);
    case 'resume': {
      const proof = { credentials, uid, session, secret, attempt: choices.number(), self: self(choices) };
      const rest = { position: where, standby: choices.chance(), outage: choices.text(4) };
      return { type, ...proof, ...rest, join, account: choices.text(4), silentMs: choices.number() };
    }
    case 'takeover':
      return { type, self: self(choices), position: where };
    case 'heartbeat':
      return { type, id: choices.number(), answer: choices.number() };
    case 'update':
      return { type, self: self(choices) };
    case 'leave':
      return { type, credentials, uid, account: choices.text(4), session, secret, join };
    case 'send': {
      const [stream, number] = [choices.number(), choices.number()];
      return { type, stream, number, data: choices.bytes(40), sentAt: choices.number() };
    }
    case 'renew':
      return { type, token: choices.text(4) };
    case 'suspend':
      return { type };
    case 'media-close':
      return { type, place: choices.text(4), connection: choices.number() };
    case 'media-offer': {
      const mid = choices.text(2);
      const about = { place: choices.text(4), connection: choices.number(), revision: choices.number() };
      const sends = choices.list(2, () => ({ mid, stream: choices.number() }));
      const receives = choices.list(2, () => ({ mid, uid: choices.number(), stream: choices.number() }));
      return { type, ...about, sdp: choices.text(40), sends, receives };
    }
  }
}

function joinFrame(choices: Choices, credentials: Credentials): ClientFrame {
  return {
    type: 'join',
    ...{ credentials, uid: choices.number(), account: choices.text(8) },
    platform: choices.pick(platforms as unknown as [Member['platform'], ...Member['platform'][]]),
    profile: choices.pick(['communication', 'live']),
    self: self(choices),
    rejoin: choices.chance()
      ? {
          quietMs: choices.number(),
          join: choices.number(),
          picture: choices.list(4, () => member(choices)),
          sent: choices.list(3, () => sent(choices)),
        }
      : null,
    nonce: choices.pick(['nonce-number-one', 'nonce-number-two', 'nonce-number-three']),
    attempt: choices.number(),
  };
}

function credentialsOf(choices: Choices): Credentials {
  const channel = choices.pick(['room', 'room', 'room', 'hall', '', 'x'.repeat(65)]);
  return { minor: choices.number(), sdk: 'fuzz', appId: 'demo', channel, token: choices.text(4) };
}

function invented(choices: Choices): Pick<Known, 'uid' | 'join' | 'session' | 'secret'> {
  const [uid, join] = [choices.number(), choices.number()];
  return { uid, join, session: choices.text(4), secret: choices.text(4) };
}
