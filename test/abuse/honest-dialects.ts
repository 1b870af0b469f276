/** An honest user in each dialect, as an application would write it. */
import { ConnectionState, type RtcEngineDelegate } from '@holdfast/sdk/apple';
import { ConnectionStateType, createRtcEngine } from '@holdfast/sdk/native';
import AgoraRTC from '@holdfast/sdk/web';

export const classes = ['native', 'apple', 'web'] as const;
export type Class = (typeof classes)[number];

export interface Joining {
  readonly appId: string;
  readonly channel: string;
  readonly uid: number;
  readonly token: string;
  readonly servers: readonly string[];
}

/** An edge, in one word for all classes. */
export type Edge = 'joined' | 'offline' | 'stream-added' | 'stream-removed';

export interface Ears {
  joined(): void;
  edge(edge: Edge, uid: number): void;
  message(from: number, data: Uint8Array): void;
  /** Something that an honest user must not be told while others attack. */
  trouble(what: string): void;
}

type Enter = (joining: Joining, ears: Ears) => Send | Promise<Send>;
type Send = (data: Uint8Array) => void;

export const dialects: Readonly<Record<Class, Enter>> = {
  native({ appId, channel, uid, token, servers }, ears) {
    const engine = createRtcEngine();
    engine.initialize({ appId, servers, platform: 'linux' });
    engine.registerEventHandler({
      onJoinChannelSuccess: () => ears.joined(),
      onUserJoined: (_, remote) => ears.edge('joined', remote),
      onUserOffline: (_, remote) => ears.edge('offline', remote),
      onStreamMessage: (_, from, _stream, data) => ears.message(from, data),
      onStreamMessageGap: (_, { missed }) => ears.trouble(`a gap of ${missed}`),
      onConnectionInterrupted: () => ears.trouble('onConnectionInterrupted'),
      onConnectionLost: () => ears.trouble('onConnectionLost'),
      onConnectionStateChanged: (_, state, reason) => {
        if (state === ConnectionStateType.ConnectionStateFailed) ears.trouble(`failed, reason ${reason}`);
      },
    });
    engine.joinChannel(token, channel, uid);
    const stream = engine.createDataStream({});
    return (data) => {
      const code = engine.sendStreamMessage(stream, data);
      if (code < 0) ears.trouble(`sendStreamMessage ${code}`);
    };
  },

  async apple({ appId, channel, uid, token, servers }, ears) {
    // A program has one engine: each user gets a program's kit of its own.
    const entry = `${import.meta.resolve('@holdfast/sdk/apple')}?user=${uid}`;
    const { RtcEngineKit } = (await import(entry)) as typeof import('@holdfast/sdk/apple');
    const engine = RtcEngineKit.sharedEngine({ appId, servers, platform: 'ios' });
    const delegate: RtcEngineDelegate = {
      didJoinChannel: () => ears.joined(),
      didJoinedOfUid: (_, remote) => ears.edge('joined', remote),
      didOfflineOfUid: (_, remote) => ears.edge('offline', remote),
      receiveStreamMessageFromUid: (_, from, _stream, data) => ears.message(from, data),
      didMissStreamMessages: (_, { missed }) => ears.trouble(`a gap of ${missed}`),
      rtcEngineConnectionDidInterrupted: () => ears.trouble('rtcEngineConnectionDidInterrupted'),
      rtcEngineConnectionDidLost: () => ears.trouble('rtcEngineConnectionDidLost'),
      connectionChangedTo: (_, state, reason) => {
        if (state === ConnectionState.failed) ears.trouble(`failed, reason ${reason}`);
      },
    };
    engine.delegate = delegate;
    engine.joinChannel(token, channel, uid, {});
    const stream = engine.createDataStream({});
    return (data) => {
      const code = engine.sendStreamMessage(stream, data);
      if (code < 0) ears.trouble(`sendStreamMessage ${code}`);
    };
  },

  web({ appId, channel, uid, token, servers }, ears) {
    AgoraRTC.Logger.setLogLevel(AgoraRTC.Logger.NONE);
    AgoraRTC.configure({ servers });
    const client = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });
    client.on('peer-online', ({ uid: remote }) => ears.edge('joined', Number(remote)));
    client.on('peer-leave', ({ uid: remote }) => ears.edge('offline', Number(remote)));
    client.on('stream-added', ({ stream }) => ears.edge('stream-added', Number(stream.getId())));
    client.on('stream-removed', ({ stream }) => ears.edge('stream-removed', Number(stream.getId())));
    client.on('stream-message', ({ uid: from, data }) => ears.message(Number(from), data));
    client.on('stream-message-gap', ({ missed }) => ears.trouble(`a gap of ${missed}`));
    client.on('connection-state-change', ({ curState }) => {
      if (curState !== 'CONNECTED' && curState !== 'CONNECTING') ears.trouble(`connection ${curState}`);
    });
    client.on('error', ({ text }) => ears.trouble(text));
    client.init(appId);
    client.join(
      token,
      channel,
      uid,
      () => ears.joined(),
      (why) => ears.trouble(`join failed: ${why}`),
    );
    return (data) =>
      client.sendStreamMessage(data, undefined, (why) => ears.trouble(`sendStreamMessage ${why}`));
  },
};
