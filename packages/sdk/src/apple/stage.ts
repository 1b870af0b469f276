/** A stage for tests of the apple dialect: an engine whose server and whose world the test plays. */
import type { Platform } from '@holdfast/core';
import { VirtualHost } from '../driver/virtual-host.ts';
import { admit } from '../engine/stage.ts';
import type { Leaver, WatchEnd } from './ends.ts';
import { makeKit } from './kit.ts';
import type { Selector } from './told.ts';
import type { RtcEngineDelegate } from './types.ts';

const names = [
  'didJoinChannel',
  'didRejoinChannel',
  'didLeaveChannel',
  'didJoinedOfUid',
  'didOfflineOfUid',
  'rtcEngineConnectionDidInterrupted',
  'rtcEngineConnectionDidLost',
  'connectionChangedTo',
  'networkTypeChanged',
  'receiveStreamMessageFromUid',
  'didOccurStreamMessageErrorFromUid',
  'didMissStreamMessages',
  'didAudioMuted',
  'didVideoMuted',
  'didClientRoleChanged',
  'didUpdatedUserInfo',
  'didOccurError',
  'didExplainError',
  'didEndOutage',
] as const satisfies Selector[];

/** A kit in a world of the test, and those who would leave at the end of that world. */
export function kitOf(platform: Platform = 'macos') {
  const host = new VirtualHost(platform);
  const leavers = new Set<Leaver>();
  const watchEnd: WatchEnd = (leaver) => {
    leavers.add(leaver);
    return () => leavers.delete(leaver);
  };
  return { host, leavers, kit: makeKit(() => host, watchEnd) };
}

/** Everything that a delegate is told, as `[callback, ...arguments]` without the engine. */
export function recorder() {
  // biome-ignore lint/suspicious/noExplicitAny: arguments of every callback
  const told: [string, ...any[]][] = [];
  const delegate: RtcEngineDelegate = Object.fromEntries(
    names.map((name) => [name, (_engine: unknown, ...args: unknown[]) => void told.push([name, ...args])]),
  );
  return { told, delegate };
}

/** An engine that may join, and everything it tells. */
export function configured(config: object = {}) {
  const { host, leavers, kit } = kitOf();
  const { told, delegate } = recorder();
  const engine = kit.sharedEngine({ appId: 'demo', servers: ['ws://one'], ...config }, delegate);
  return { host, leavers, kit, engine, delegate, told };
}

/** An engine in `room` as 7, which has told so. */
export async function inside(config: object = {}) {
  const stage = configured(config);
  stage.engine.joinChannel('', 'room', null, 7);
  await admit(stage.host);
  stage.told.length = 0;
  return stage;
}
