import type { MessageInitShape } from '@bufbuild/protobuf';
/** The parts that frames are made of, between schema and domain types. */
import { type Platform, type Profile, platforms } from '../contract/index.ts';
import type { Member, Position, Self, Sent, Stream } from '../presence/index.ts';
import { WireError } from './error.ts';
import type { Credentials, Entry, Join, Message, Resume, Rights, Welcome } from './frames.ts';
import {
  type Credentials as CredentialsMessage,
  type Entry as EntryMessage,
  type EntrySchema,
  Gone,
  type Join as JoinMessage,
  type Member as MemberMessage,
  type Message as MessageMessage,
  type Platform as PlatformNumber,
  type Position as PositionMessage,
  Profile as ProfileNumber,
  type Resume as ResumeMessage,
  type Rights as RightsMessage,
  Role,
  type Self as SelfMessage,
  type Sent as SentMessage,
  type Stream as StreamMessage,
  type Welcome as WelcomeMessage,
} from './gen/holdfast/v1/holdfast_pb.ts';
import { readPlace } from './media.ts';

/** Platforms are numbered from 1, in the order of the contract. */
export function platformNumber(platform: Platform): PlatformNumber {
  return platforms.indexOf(platform) + 1;
}

function readPlatform(number: PlatformNumber): Platform {
  const platform = platforms[number - 1];
  if (platform === undefined) throw new WireError(`platform ${number} is not known`);
  return platform;
}

export function profileNumber(profile: Profile): ProfileNumber {
  return profile === 'live' ? ProfileNumber.LIVE : ProfileNumber.COMMUNICATION;
}

export function writeSelf({ role, streams }: Self) {
  return { role: role === 'audience' ? Role.AUDIENCE : Role.HOST, streams: [...streams] };
}

export function readSelf(self: SelfMessage | undefined): Self {
  if (self === undefined) throw new WireError('self is missing');
  return { role: readRole(self.role), streams: self.streams.map(readStream) };
}

function readRole(role: Role): 'host' | 'audience' {
  return role === Role.AUDIENCE ? 'audience' : 'host';
}

function readStream({ id, audio, video, audioMuted, videoMuted }: StreamMessage): Stream {
  return { id, audio, video, audioMuted, videoMuted };
}

export function readPosition(position: PositionMessage | undefined): Position {
  if (position === undefined) throw new WireError('a position is missing');
  const { incarnation, epoch, seq } = position;
  return { incarnation, epoch, seq };
}

const goneNumbers = { no: Gone.UNSPECIFIED, quit: Gone.QUIT, forgotten: Gone.FORGOTTEN } as const;

export function writeMember(member: Member) {
  return {
    ...writeSelf(member),
    ...member.passed,
    uid: member.uid,
    account: member.account,
    join: member.join,
    platform: platformNumber(member.platform),
    gone: goneNumbers[member.gone],
    sent: [...member.sent],
  };
}

export function readMember(message: MemberMessage): Member {
  const { streamRemoved, peerOffline, peerLeave, channelDestroy } = message;
  return {
    uid: message.uid,
    account: message.account,
    join: message.join,
    platform: readPlatform(message.platform),
    role: readRole(message.role),
    streams: message.streams.map(readStream),
    gone: message.gone === Gone.UNSPECIFIED ? 'no' : message.gone === Gone.QUIT ? 'quit' : 'forgotten',
    passed: { streamRemoved, peerOffline, peerLeave, channelDestroy },
    sent: message.sent.map(readSent),
  };
}

export function readSent({ join, stream, number }: SentMessage): Sent {
  return { join, stream, number };
}

export function writeEntry(entry: Entry): MessageInitShape<typeof EntrySchema> {
  switch (entry.type) {
    case 'member':
      return { body: { case: 'member', value: writeMember(entry.member) } };
    case 'message':
      return { body: { case: 'message', value: entry.message } };
    case 'nothing':
      return {};
  }
}

export function readEntry({ body }: EntryMessage): Entry {
  switch (body.case) {
    case 'member':
      return { type: 'member', member: readMember(body.value) };
    case 'message':
      return { type: 'message', message: readMessage(body.value) };
    default:
      return { type: 'nothing' };
  }
}

// The bytes are copied: kept for long, a view would keep everything that came with them.
function readMessage({ uid, join, stream, number, data, sentAt }: MessageMessage): Message {
  return { uid, join, stream, number, data: new Uint8Array(data), sentAt };
}

export function writeRights({ code, tokenLeftMs, audio, video, data }: Rights) {
  const left = tokenLeftMs ?? 0;
  const expired = tokenLeftMs !== null && left <= 0;
  return {
    code,
    tokenLeftMs: Math.min(Math.max(0, Math.round(left)), longestMs),
    expired,
    noAudio: !audio,
    noVideo: !video,
    noData: !data,
  };
}

/** 49.7 days. A token that lasts longer is asked for again by then. */
const longestMs = 0xffff_ffff;

/** A server that says nothing of rights allows everything. */
export function readRights(rights: RightsMessage | undefined): Rights {
  const never = rights === undefined || (rights.tokenLeftMs === 0 && !rights.expired);
  return {
    code: rights?.code ?? 0,
    tokenLeftMs: never ? null : rights.tokenLeftMs,
    audio: !rights?.noAudio,
    video: !rights?.noVideo,
    data: !rights?.noData,
  };
}

export function readCredentials(credentials: CredentialsMessage | undefined): Credentials {
  if (credentials === undefined) throw new WireError('credentials are missing');
  const { minor, sdk, appId, channel, token } = credentials;
  return { minor, sdk, appId, channel, token };
}

export function readJoin(message: JoinMessage): Join {
  const { uid, account, nonce, attempt, rejoin } = message;
  return {
    type: 'join',
    credentials: readCredentials(message.credentials),
    uid,
    account,
    platform: readPlatform(message.platform),
    profile: message.profile === ProfileNumber.LIVE ? 'live' : 'communication',
    self: readSelf(message.self),
    rejoin:
      rejoin === undefined
        ? null
        : {
            quietMs: rejoin.quietMs,
            join: rejoin.join,
            picture: rejoin.picture.map(readMember),
            sent: rejoin.sent.map(readSent),
          },
    nonce,
    attempt,
  };
}

export function readResume(message: ResumeMessage): Resume {
  const { uid, account, session, secret, attempt, standby, outage, join, silentMs } = message;
  return {
    type: 'resume',
    credentials: readCredentials(message.credentials),
    uid,
    account,
    session,
    secret,
    attempt,
    self: readSelf(message.self),
    position: readPosition(message.position),
    standby,
    outage,
    join,
    silentMs,
  };
}

export function readWelcome(message: WelcomeMessage): Welcome {
  const { minor, session, secret, uid, join, servers, spreadMs, limits, outage } = message;
  if (limits === undefined) throw new WireError('limits are missing');
  const { interruptedMs, lostMs, giveUpMs } = limits;
  return {
    type: 'welcome',
    minor,
    session,
    secret,
    uid,
    join,
    position: readPosition(message.position),
    members: message.members.map(readMember),
    complete: message.complete,
    limits: { interruptedMs, lostMs, giveUpMs: giveUpMs === 0 ? null : giveUpMs },
    servers,
    spreadMs,
    outage:
      outage === undefined
        ? null
        : {
            silentMs: outage.silentMs,
            server: outage.server,
            marks: outage.marks.map(({ atMs, what }) => ({ atMs, what })),
          },
    received: message.received.map(readSent),
    rights: readRights(message.rights),
    messagesPerSecond: message.messagesPerSecond === 0 ? null : message.messagesPerSecond,
    media: readPlace(message.media),
  };
}
