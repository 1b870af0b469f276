/** A stage for tests of the web dialect: a page whose servers, devices and elements the test plays. */
import { type Member, type Message, nothingPassed } from '@holdfast/core';
import { granted, VirtualHost } from '../driver/virtual-host.ts';
import { makeAgoraRtc } from './agora.ts';
import type { Media } from './media.ts';
import type { WebStreamSpec } from './stream-types.ts';
import type { ClientEvents, Uid } from './types.ts';
import type { World } from './world.ts';

const names = [
  'stream-added',
  'stream-removed',
  'stream-subscribed',
  'stream-updated',
  'stream-published',
  'stream-unpublished',
  'peer-online',
  'peer-leave',
  'mute-audio',
  'unmute-audio',
  'mute-video',
  'unmute-video',
  'connection-state-change',
  'onTokenPrivilegeWillExpire',
  'onTokenPrivilegeDidExpire',
  'stream-message',
  'stream-message-gap',
  'network-type-changed',
  'client-banned',
  'client-role-changed',
  'error',
  'failure',
  'outage',
] as const satisfies (keyof ClientEvents)[];

/** A page that knows a server. */
export function page(world: Partial<World> = {}) {
  const host = new VirtualHost('windows');
  const printed: string[] = [];
  const AgoraRTC = makeAgoraRtc({
    host: () => host,
    media: null,
    origin: 'ws://one',
    report: host.report,
    print: (level, line) => printed.push(`${level}: ${line}`),
    ...world,
  });
  return { host, AgoraRTC, printed };
}

/** A client that may join, and everything it tells: events as `[name, payload]`, callbacks as `[name, argument]`. */
export function initialised(mode: 'rtc' | 'live' = 'rtc', world: Partial<World> = {}) {
  const stage = page(world);
  const client = stage.AgoraRTC.createClient({ mode, codec: 'vp8' });
  // biome-ignore lint/suspicious/noExplicitAny: payloads of every event
  const told: [string, any?][] = [];
  for (const name of names) client.on(name, (payload) => void told.push([name, payload]));
  client.init('demo');
  const callback = (name: string) => (argument?: unknown) => {
    told.push(argument === undefined ? [name] : [name, argument]);
  };
  const join = (uid: Uid | null = 7) =>
    client.join(null, 'room', uid, callback('joined'), callback('refused'));
  return { ...stage, client, told, callback, join };
}

/** A client in `room` as 7, which has told so. */
export async function inside(mode: 'rtc' | 'live' = 'rtc', world: Partial<World> = {}) {
  const stage = initialised(mode, world);
  stage.join();
  await admit(stage.host);
  stage.told.length = 0;
  return stage;
}

/** The server lets the newest connection's join succeed. */
export async function admit(host: VirtualHost, uid = 7, members: Member[] = []) {
  await host.settle();
  host.latest.open().answer(granted.welcome(uid, members));
  await host.settle();
}

/** The server lets the newest attempt back in; `members` is what it says of the others, in full. */
export async function resume(host: VirtualHost, members: Member[] = []) {
  host.latest.open();
  await host.pass(1_000);
  const asked = host.connections.findLast((connection) => connection.sent('resume').length > 0);
  if (asked === undefined) throw new Error('nobody asked to come back');
  if (asked.sent('resume')[0]?.standby) asked.answer({ type: 'standby-ready' });
  asked.answer(granted.welcome(7, members));
  await host.settle();
  return asked;
}

/** The server says no, to a join or to somebody inside. */
export async function refuse(host: VirtualHost, code: number, text = 'why') {
  await host.settle();
  if (host.latest.frames.length === 0) host.latest.open();
  host.latest.answer({ type: 'refused', code, text, retryMs: 0 });
  await host.settle();
}

/** The channel's log grows. */
export async function entries(host: VirtualHost, seq: number, ...members: Member[]) {
  const first = { incarnation: 'first', epoch: 1, seq };
  const list = members.map((changed) => ({ type: 'member', member: changed }) as const);
  host.latest.answer({ type: 'entries', first, entries: list });
  await host.settle();
}

/** The channel's log grows by messages. */
export async function messages(host: VirtualHost, seq: number, ...list: Message[]) {
  const first = { incarnation: 'first', epoch: 1, seq };
  const all = list.map((sent) => ({ type: 'message', message: sent }) as const);
  // After an outage the newest connection may be one that was not needed.
  const used = host.connections.findLast(({ closedWith }) => closedWith === null);
  used?.answer({ type: 'entries', first, entries: all });
  await host.settle();
}

/** A message of somebody in its first join. */
export function message(uid: number, number: number, text: string, change: Partial<Message> = {}): Message {
  const data = new TextEncoder().encode(text);
  return { uid, join: 1, stream: 1, number, data, sentAt: 1_700_000_000_000, ...change };
}

export function member(uid: number, change: Partial<Member> = {}): Member {
  const about = { uid, account: '', join: 1, platform: 'web', role: 'host', gone: 'no' } as const;
  return { ...about, streams: [stream()], passed: nothingPassed, sent: [], ...change };
}

/** Nothing has been heard of a member for so long that its stream is gone for web users. */
export function silent(uid: number, change: Partial<Member> = {}): Member {
  return member(uid, { passed: { ...nothingPassed, streamRemoved: true }, ...change });
}

export function stream(change = {}) {
  return { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false, ...change };
}

/** Promises of devices come true. */
export async function devicesAnswer() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/** A track that a test may end. */
export class TestTrack extends EventTarget {
  readonly kind: string;
  enabled = true;
  stopped = false;
  constraints: MediaTrackConstraints | undefined;

  constructor(kind: 'audio' | 'video', constraints?: MediaTrackConstraints) {
    super();
    this.kind = kind;
    this.constraints = constraints;
  }

  stop(): void {
    this.stopped = true;
  }

  async applyConstraints(constraints: MediaTrackConstraints): Promise<void> {
    this.constraints = constraints;
  }

  /** Its device is gone. */
  end(): void {
    this.dispatchEvent(new Event('ended'));
  }

  /** As the browser's type has it. */
  get track(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}

/** Devices that a test plays; `error` makes them fail. */
export function testMedia() {
  const asked: { screen?: DisplayMediaStreamOptions; devices?: MediaStreamConstraints }[] = [];
  const opened: TestTrack[] = [];
  const state = { error: null as Error | null };
  const give = (wanted: { audio?: unknown; video?: unknown }) => {
    if (state.error) throw state.error;
    const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind]);
    const tracks = kinds.map((kind) => new TestTrack(kind, wanted[kind] as MediaTrackConstraints));
    opened.push(...tracks);
    return tracks.map(({ track }) => track);
  };
  const media: Media = {
    async capture(devices) {
      asked.push({ devices });
      return give(devices);
    },
    async captureScreen(screen) {
      asked.push({ screen });
      return give(screen);
    },
    devices: async () => [device('audioinput'), device('videoinput'), device('audiooutput')],
    streamOf: (track) => ({ track }) as unknown as MediaStream,
    meter: () => null,
    page: undefined,
    complete: true,
    codecs: (kind) => (kind === 'audio' ? ['audio/opus', 'audio/PCMU'] : ['video/VP8', 'video/rtx']),
  };
  return { media, asked, opened, state };
}

function device(kind: MediaDeviceKind): MediaDeviceInfo {
  return { deviceId: `${kind}-1`, groupId: '', kind, label: kind, toJSON: () => ({}) };
}

/** What most programs ask for. */
export const cameraAndMicrophone: WebStreamSpec = { streamID: 7, audio: true, video: true, screen: false };
