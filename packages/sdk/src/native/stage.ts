/** A stage for tests of the native dialect: an engine whose server and whose world the test plays. */
import { type Member, nothingPassed } from '@holdfast/core';
import { granted, VirtualHost } from '../driver/virtual-host.ts';
import { makeEngine } from './engine.ts';
import type { ChannelMediaOptions, IRtcEngineEventHandler, RtcEngineEvent } from './types.ts';

/** The connection that most callbacks begin with. */
export const here = { channelId: 'room', localUid: 7 };

const names = [
  'onJoinChannelSuccess',
  'didRejoinChannel',
  'onRejoinChannelSuccess',
  'onLeaveChannel',
  'onUserJoined',
  'onUserOffline',
  'onConnectionInterrupted',
  'onConnectionLost',
  'onConnectionStateChanged',
  'onUserMuteAudio',
  'onUserMuteVideo',
  'onClientRoleChanged',
  'onLocalUserRegistered',
  'onUserInfoUpdated',
  'onError',
  'onOutage',
] as const satisfies RtcEngineEvent[];

/** An engine that may join, and everything it tells as `[callback, ...arguments]`. */
export function initialized(options: object = {}) {
  const host = new VirtualHost();
  const engine = makeEngine(host);
  // biome-ignore lint/suspicious/noExplicitAny: arguments of every callback
  const told: [string, ...any[]][] = [];
  const handler: IRtcEngineEventHandler = Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => void told.push([name, ...args])]),
  );
  engine.registerEventHandler(handler);
  const result = engine.initialize({ appId: 'demo', servers: ['ws://one'], ...options });
  if (result !== 0) throw new Error(engine.getErrorDescription(result));
  return { host, engine, handler, told };
}

/** An engine in `room` as 7, which has told so. */
export async function inside(options: object = {}, media?: ChannelMediaOptions) {
  const stage = initialized(options);
  stage.engine.joinChannel('', 'room', 7, media);
  await admit(stage.host);
  stage.told.length = 0;
  return stage;
}

/** The server lets the newest connection's join succeed. */
export async function admit(host: VirtualHost, uid = 7) {
  await host.settle();
  host.latest.open().answer(granted.welcome(uid));
  await host.settle();
}

/** The server lets the newest attempt back in. */
export async function resume(host: VirtualHost) {
  host.latest.open();
  await host.pass(1_000);
  const asked = host.connections.findLast((connection) => connection.sent('resume').length > 0);
  if (asked === undefined) throw new Error('nobody asked to come back');
  if (asked.sent('resume')[0]?.standby) asked.answer({ type: 'standby-ready' });
  asked.answer(granted.welcome(7));
  await host.settle();
  return asked;
}

/** The channel's log grows. */
export function entries(host: VirtualHost, seq: number, ...members: Member[]) {
  const first = { incarnation: 'first', epoch: 1, seq };
  const list = members.map((changed) => ({ type: 'member', member: changed }) as const);
  host.latest.answer({ type: 'entries', first, entries: list });
}

export function member(uid: number, change: Partial<Member> = {}): Member {
  const about = { uid, account: '', join: 1, platform: 'linux', role: 'host', gone: 'no' } as const;
  return { ...about, streams: [stream()], passed: nothingPassed, ...change };
}

export function stream(change = {}) {
  return { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false, ...change };
}
