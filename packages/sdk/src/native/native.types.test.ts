/**
 * Programs of the 4.x API compile unchanged but for the import: this one was written from its public
 * documentation. The lines marked as errors must stay errors; the type check of `npm run check` sees to both.
 */
import { expect, test } from 'vitest';
import createAgoraRtcEngine, {
  type ChannelMediaOptions,
  ChannelProfileType,
  ClientRoleType,
  ConnectionChangedReasonType,
  ConnectionStateType,
  createRtcEngine,
  type DataStreamConfig,
  ErrorCodeType,
  type IRtcEngine,
  type IRtcEngineEventHandler,
  type IRtcEngineEx,
  NetworkType,
  RemoteVideoState,
  RemoteVideoStateReason,
  type RtcConnection,
  type RtcStats,
  type StreamMessageGap,
  UserOfflineReasonType,
} from './index.node.ts';

class Classroom implements IRtcEngineEventHandler {
  readonly engine: IRtcEngineEx;
  readonly pupils = new Set<number>();
  #status = '';

  constructor(appId: string) {
    this.engine = createAgoraRtcEngine();
    // The only addition that a program needs: where its servers are.
    this.engine.initialize({
      appId,
      channelProfile: ChannelProfileType.ChannelProfileLiveBroadcasting,
      servers: ['ws://127.0.0.1:9'],
    });
    this.engine.registerEventHandler(this);
    this.engine.addListener('onTokenMissing' as 'onError', () => {});
    this.engine.addListener('onError', (err: ErrorCodeType, msg: string) => {
      if (err === ErrorCodeType.ErrInvalidToken) this.#status = msg;
    });
  }

  enter(token: string, channelId: string, uid: number): number {
    const options: ChannelMediaOptions = {
      clientRoleType: ClientRoleType.ClientRoleBroadcaster,
      publishMicrophoneTrack: true,
      publishCameraTrack: false,
      autoSubscribeAudio: true,
      autoSubscribeVideo: true,
    };
    return this.engine.joinChannel(token, channelId, uid, options);
  }

  leave(): void {
    this.engine.leaveChannel();
    this.engine.unregisterEventHandler(this);
    this.engine.removeAllListeners();
    this.engine.release();
  }

  onJoinChannelSuccess(connection: RtcConnection, elapsed: number): void {
    this.#status = `${connection.channelId} as ${connection.localUid} after ${elapsed} ms`;
  }

  onRejoinChannelSuccess(_connection: RtcConnection, elapsed: number): void {
    this.#status = `back after ${elapsed} ms`;
  }

  onUserJoined(_connection: RtcConnection, remoteUid: number, _elapsed: number): void {
    this.pupils.add(remoteUid);
  }

  onUserOffline(_connection: RtcConnection, remoteUid: number, reason: UserOfflineReasonType): void {
    if (reason !== UserOfflineReasonType.UserOfflineBecomeAudience) this.pupils.delete(remoteUid);
  }

  onStreamMessage(
    connection: RtcConnection,
    remoteUid: number,
    streamId: number,
    data: Uint8Array,
    length: number,
    sentTs: number,
  ): void {
    this.#status = `${connection.channelId}: ${remoteUid}/${streamId}: ${data.slice(0, length)} at ${sentTs}`;
  }

  onStreamMessageError(
    _connection: RtcConnection,
    _remoteUid: number,
    _streamId: number,
    code: ErrorCodeType,
    missed: number,
    cached: number,
  ): void {
    if (code === ErrorCodeType.ErrStreamMessageTimeout) this.#status = `${missed} missed, ${cached} cached`;
  }

  onStreamMessageGap(_connection: RtcConnection, { from, to, reason }: StreamMessageGap): void {
    this.#status = `${from} to ${to} are missing: ${reason}`;
  }

  onConnectionStateChanged(
    _connection: RtcConnection,
    state: ConnectionStateType,
    reason: ConnectionChangedReasonType,
  ): void {
    const lost = reason === ConnectionChangedReasonType.ConnectionChangedLost;
    if (state === ConnectionStateType.ConnectionStateReconnecting && lost) this.#status = 'lost';
  }

  onNetworkTypeChanged(_connection: RtcConnection, type: NetworkType): void {
    if (type === NetworkType.NetworkTypeDisconnected) this.#status = 'no network';
  }

  onRemoteVideoStateChanged(
    _connection: RtcConnection,
    remoteUid: number,
    state: RemoteVideoState,
    reason: RemoteVideoStateReason,
    _elapsed: number,
  ): void {
    if (state !== RemoteVideoState.RemoteVideoStateStopped) return;
    if (reason === RemoteVideoStateReason.RemoteVideoStateReasonRemoteOffline) this.pupils.delete(remoteUid);
  }

  onLeaveChannel(_connection: RtcConnection, stats: RtcStats): void {
    this.#status = `left after ${stats.duration ?? 0} s`;
  }

  say(text: string): number {
    const config: DataStreamConfig = { ordered: true, syncWithAudio: false };
    const streamId = this.engine.createDataStream(config);
    const data = new TextEncoder().encode(text);
    return streamId < 0 ? streamId : this.engine.sendStreamMessage(streamId, data, data.length);
  }

  status(): string {
    return this.#status;
  }
}

/** Never called: wrong programs, each of which must fail to compile. */
export function wrong(engine: IRtcEngine): void {
  // @ts-expect-error a uid is a number
  engine.joinChannel('', 'room', '7');
  // @ts-expect-error a channel has a name
  engine.joinChannel('', 7, 7);
  // @ts-expect-error a role is one of the two
  engine.setClientRole('host');
  // @ts-expect-error there is no such callback
  engine.addListener('onNoSuchThing', () => {});
  // @ts-expect-error its first argument is the connection
  engine.addListener('onUserJoined', (remoteUid: number) => remoteUid);
  // @ts-expect-error a handler has callbacks
  engine.registerEventHandler({ onUserJoin: () => {} });
  // @ts-expect-error this dialect has no platform of Apple
  engine.initialize({ appId: 'demo', platform: 'ios' });
  // @ts-expect-error a message is bytes
  engine.sendStreamMessage(1, 'hello');
  // @ts-expect-error reliable and ordered come together
  engine.createDataStream(true);
  // @ts-expect-error an error is a number, not thrown text
  const result: string = engine.leaveChannel();
  // @ts-expect-error a choice is a boolean
  engine.updateChannelMediaOptions({ publishCameraTrack: 'yes' });
  void result;
}

test('a program of the 4.x API compiles, joins and leaves', async () => {
  const classroom = new Classroom('demo');
  expect(classroom.enter('', 'room', 7)).toBe(0);
  expect(classroom.engine.getConnectionState()).toBe(ConnectionStateType.ConnectionStateConnecting);
  expect(classroom.say('before being in')).toBe(-ErrorCodeType.ErrNotInChannel);
  classroom.leave();
  await Promise.resolve();
  expect(classroom.engine.getConnectionState()).toBe(ConnectionStateType.ConnectionStateDisconnected);
});

test('every way to make an engine makes another one', () => {
  expect(createAgoraRtcEngine).toBe(createRtcEngine);
  expect(createRtcEngine()).not.toBe(createRtcEngine());
});
