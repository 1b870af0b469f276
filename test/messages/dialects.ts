/** One user in each dialect, as an application would write it. */
import { ConnectionState, type RtcEngineDelegate, RtcEngineKit } from '@holdfast/sdk/apple';
import { ConnectionStateType, createRtcEngine, type StreamMessageGap } from '@holdfast/sdk/native';
import AgoraRTC from '@holdfast/sdk/web';
import type { DialectName } from './logged.ts';

export interface Joining {
  readonly channel: string;
  readonly uid: number;
  readonly servers: readonly string[];
}

/** What an application does with what it is told. */
export interface App {
  joined(): void;
  got(from: number, stream: number, data: Uint8Array): void;
  missed(gap: StreamMessageGap): void;
  failed(why: string): void;
}

/** Sends on a stream from 1 on; `refused` and `acknowledged` are called at most once, where the dialect says it. */
export type Send = (
  stream: number,
  data: Uint8Array,
  answers: { refused(): void; acknowledged(): void },
) => void;

/** Data streams that a user of a dialect has. */
export const streamsOf: Readonly<Record<DialectName, number>> = { native: 2, apple: 2, web: 1 };

export const dialects: Readonly<Record<DialectName, (joining: Joining, app: App) => Send>> = {
  native({ channel, uid, servers }, app) {
    const engine = createRtcEngine();
    engine.initialize({ appId: 'messages', servers, platform: 'linux' });
    engine.registerEventHandler({
      onJoinChannelSuccess: () => app.joined(),
      onStreamMessage: (_connection, from, stream, data) => app.got(from, stream, data),
      onStreamMessageGap: (_connection, gap) => app.missed(gap),
      onConnectionStateChanged: (_connection, state, reason) => {
        if (state === ConnectionStateType.ConnectionStateFailed) app.failed(`reason ${reason}`);
      },
    });
    engine.joinChannel('', channel, uid);
    for (let count = 0; count < streamsOf.native; count += 1) engine.createDataStream({});
    return (stream, data, { refused }) => {
      if (engine.sendStreamMessage(stream, data) < 0) refused();
    };
  },

  apple({ channel, uid, servers }, app) {
    const engine = RtcEngineKit.sharedEngine({ appId: 'messages', servers, platform: 'ios' });
    const delegate: RtcEngineDelegate = {
      didJoinChannel: () => app.joined(),
      receiveStreamMessageFromUid: (_engine, from, stream, data) => app.got(from, stream, data),
      didMissStreamMessages: (_engine, gap) => app.missed(gap),
      connectionChangedTo: (_engine, state, reason) => {
        if (state === ConnectionState.failed) app.failed(`reason ${reason}`);
      },
    };
    engine.delegate = delegate;
    engine.joinChannel('', channel, uid, {});
    for (let count = 0; count < streamsOf.apple; count += 1) engine.createDataStream({});
    return (stream, data, { refused }) => {
      if (engine.sendStreamMessage(stream, data) < 0) refused();
    };
  },

  web({ channel, uid, servers }, app) {
    AgoraRTC.Logger.setLogLevel(AgoraRTC.Logger.NONE);
    AgoraRTC.configure({ servers });
    const client = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });
    client.on('stream-message', ({ uid: from, streamId, data }) => app.got(Number(from), streamId, data));
    client.on('stream-message-gap', (gap) => app.missed({ ...gap, uid: Number(gap.uid) }));
    client.on('error', ({ text }) => app.failed(text));
    client.init('messages');
    client.join(null, channel, uid, () => app.joined(), app.failed);
    return (_stream, data, { refused, acknowledged }) =>
      client.sendStreamMessage(data, acknowledged, refused);
  },
};
