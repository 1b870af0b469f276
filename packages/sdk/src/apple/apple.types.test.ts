/**
 * A program in the shape of the Swift API: its names, its order of arguments. The lines marked as errors must
 * stay errors; the type check of `npm run check` sees to both.
 */
import { expect, test } from 'vitest';
import {
  ChannelProfile,
  type ChannelStats,
  ClientRole,
  ConnectionChangedReason,
  ConnectionState,
  type DataStreamConfig,
  ErrorCode,
  type RtcEngineDelegate,
  RtcEngineKit,
  type StreamMessageGap,
  UserOfflineReason,
} from './index.node.ts';
import * as browsers from './index.ts';

class Classroom implements RtcEngineDelegate {
  readonly engine: RtcEngineKit;
  readonly pupils = new Set<number>();
  #status = '';

  constructor(appId: string) {
    // The only addition that a program needs: where its servers are.
    RtcEngineKit.configure({ servers: ['ws://127.0.0.1:9'] });
    this.engine = RtcEngineKit.sharedEngine(appId, this);
    this.engine.setChannelProfile(ChannelProfile.liveBroadcasting);
    this.engine.setClientRole(ClientRole.broadcaster);
  }

  enter(token: string | null, channel: string, uid: number): number {
    return this.engine.joinChannel(token, channel, null, uid, (name, own, elapsed) => {
      this.#status = `${name} as ${own} after ${elapsed} ms`;
    });
  }

  leave(): void {
    this.engine.leaveChannel((stats) => {
      this.#status = `left after ${stats.duration} s`;
    });
    RtcEngineKit.destroy();
  }

  didJoinedOfUid(_engine: RtcEngineKit, uid: number, _elapsed: number): void {
    this.pupils.add(uid);
  }

  didOfflineOfUid(_engine: RtcEngineKit, uid: number, reason: UserOfflineReason): void {
    if (reason !== UserOfflineReason.becomeAudience) this.pupils.delete(uid);
  }

  rtcEngineConnectionDidInterrupted(engine: RtcEngineKit): void {
    if (engine.getConnectionState() === ConnectionState.reconnecting) this.#status = 'interrupted';
  }

  rtcEngineConnectionDidLost(_engine: RtcEngineKit): void {
    this.#status = 'lost';
  }

  didRejoinChannel(_engine: RtcEngineKit, _channel: string, _uid: number, elapsed: number): void {
    this.#status = `back after ${elapsed} ms`;
  }

  receiveStreamMessageFromUid(engine: RtcEngineKit, uid: number, streamId: number, data: Uint8Array): void {
    this.#status = `${uid} says ${data.length} bytes`;
    engine.sendStreamMessage(streamId, data);
  }

  didOccurStreamMessageErrorFromUid(
    _engine: RtcEngineKit,
    uid: number,
    _streamId: number,
    error: ErrorCode,
    missed: number,
    cached: number,
  ): void {
    if (error === ErrorCode.streamMessageTimeout) this.#status = `${uid}: ${missed} missed, ${cached} cached`;
  }

  didMissStreamMessages(_engine: RtcEngineKit, { from, to, reason }: StreamMessageGap): void {
    this.#status = `${from} to ${to} are missing: ${reason}`;
  }

  connectionChangedTo(_engine: RtcEngineKit, state: ConnectionState, reason: ConnectionChangedReason): void {
    const elsewhere = reason === ConnectionChangedReason.sameUidLogin;
    if (state === ConnectionState.failed && elsewhere) this.#status = 'joined elsewhere';
  }

  didLeaveChannel(_engine: RtcEngineKit, stats: ChannelStats): void {
    this.#status = `leaving after ${stats.duration} s`;
  }

  didOccurError(_engine: RtcEngineKit, code: ErrorCode): void {
    if (code === ErrorCode.invalidToken) this.#status = RtcEngineKit.getErrorDescription(code);
  }

  say(text: string): number {
    const config: DataStreamConfig = { ordered: true, syncWithAudio: false };
    const streamId = this.engine.createDataStream(config);
    return this.engine.sendStreamMessage(streamId, new TextEncoder().encode(text));
  }

  status(): string {
    return this.#status;
  }
}

/** Never called: wrong programs, each of which must fail to compile. */
export function wrong(engine: RtcEngineKit): void {
  // @ts-expect-error a uid is a number
  engine.joinChannel('', 'room', null, '7');
  // @ts-expect-error the uid comes after the info
  engine.joinChannel('', 'room', 7);
  // @ts-expect-error a channel has a name
  engine.joinChannel('', 7, null, 7);
  // @ts-expect-error the block gets the channel first
  engine.joinChannel('', 'room', null, 7, (uid: number) => uid);
  // @ts-expect-error a role is one of the two
  engine.setClientRole('host');
  // @ts-expect-error and has a number of its own
  engine.setClientRole(3);
  // @ts-expect-error there is no such callback
  engine.delegate = { didJoinOfUid: () => {} };
  // @ts-expect-error its first argument is the engine
  engine.delegate = { didJoinedOfUid: (uid: number) => uid };
  // @ts-expect-error this dialect has platforms of Apple only
  RtcEngineKit.sharedEngine({ appId: 'demo', platform: 'linux' });
  // @ts-expect-error an app has an id
  RtcEngineKit.sharedEngine({ servers: [] });
  // @ts-expect-error a message is bytes
  engine.sendStreamMessage(1, 'hello');
  // @ts-expect-error reliable and ordered come together
  engine.createDataStream(true);
  // @ts-expect-error an error is a number, not thrown text
  const result: string = engine.leaveChannel();
  // @ts-expect-error the kit is not made, it is shared
  new RtcEngineKit();
  void result;
}

test('a program in the shape of the Swift API compiles, joins and leaves', async () => {
  const classroom = new Classroom('demo');
  expect(classroom.enter(null, 'room', 7)).toBe(0);
  expect(classroom.engine.getConnectionState()).toBe(ConnectionState.connecting);
  expect(classroom.say('before being in')).toBe(-ErrorCode.notInChannel);
  classroom.leave();
  await Promise.resolve();
  expect(classroom.engine.getConnectionState()).toBe(ConnectionState.disconnected);
  expect(classroom.status()).toBe('left after 0 s');
});

test('both entries export the same names', async () => {
  const node = await import('./index.node.ts');
  expect(Object.keys(browsers).sort()).toEqual(Object.keys(node).sort());
});
