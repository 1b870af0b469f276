/** web: a client with events, in the shape of 2.x. */
import AgoraRTC, { type ClientEvents } from '@holdfast/sdk/web';
import type { Dialect, Kind, Listener, Status } from './client.ts';

type WebClient = ReturnType<typeof AgoraRTC.createClient>;
type WebStream = ReturnType<typeof AgoraRTC.createStream>;

export const web: Dialect = {
  platforms: ['web'],
  names: {
    interrupted: 'connection-state-change → CONNECTING',
    lost: undefined,
    rejoined: 'connection-state-change → CONNECTED',
    othersGone: 'peer-leave',
  },
  join({ channel, uid, servers }, listener) {
    AgoraRTC.configure({ servers });
    AgoraRTC.Logger.setLogLevel(AgoraRTC.Logger.NONE);
    const client = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });
    listen(client, listener);
    const failed = (method: string) => (code: unknown) =>
      told(listener, `${method}: onFailure`, [code], 'trouble');
    let stream: WebStream | null = null;
    client.init(
      'demo',
      () =>
        client.join(
          null,
          channel,
          uid,
          (own) => {
            told(listener, 'join: onSuccess', [own], 'good');
            stream = publish(client, failed('publish'));
          },
          (code) => {
            failed('join')(code);
            listener.status('failed');
          },
        ),
      failed('init'),
    );
    return {
      leave: leaving(client, listener, () => stream?.close()),
      mute: (muted) => void (muted ? stream?.muteVideo() : stream?.unmuteVideo()),
      send(text) {
        const done = () => told(listener, 'sendStreamMessage: onSuccess', [], 'plain');
        client.sendStreamMessage(text, done, failed('sendStreamMessage'));
      },
    };
  },
};

function leaving(client: WebClient, listener: Listener, stop: () => void): () => void {
  return () => {
    client.leave(
      () => told(listener, 'leave: onSuccess', [], 'plain'),
      (code) => told(listener, 'leave: onFailure', [code], 'trouble'),
    );
    stop();
  };
}

/** A drawn picture in the place of a camera: nothing to allow, nothing to see. */
function publish(client: WebClient, failed: (code: unknown) => void): WebStream {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d');
  const [videoSource] = canvas.captureStream().getVideoTracks();
  const stream = AgoraRTC.createStream({ audio: false, video: true, videoSource });
  stream.init(
    () => client.publish(stream, failed),
    ({ msg }) => failed(msg),
  );
  return stream;
}

const kinds: Readonly<Record<Exclude<keyof ClientEvents, 'network-quality'>, Kind>> = {
  'stream-added': 'people',
  'stream-removed': 'people',
  'stream-subscribed': 'people',
  'stream-updated': 'people',
  'stream-published': 'good',
  'stream-unpublished': 'plain',
  'peer-online': 'people',
  'peer-leave': 'people',
  'mute-audio': 'people',
  'unmute-audio': 'people',
  'mute-video': 'people',
  'unmute-video': 'people',
  'connection-state-change': 'state',
  onTokenPrivilegeWillExpire: 'trouble',
  onTokenPrivilegeDidExpire: 'trouble',
  'stream-message': 'good',
  'stream-message-gap': 'trouble',
  'volume-indicator': 'plain',
  'network-type-changed': 'plain',
  'client-banned': 'trouble',
  'client-role-changed': 'plain',
  error: 'trouble',
  exception: 'trouble',
  failure: 'trouble',
  outage: 'plain',
};

function listen(client: WebClient, listener: Listener): void {
  for (const [name, kind] of Object.entries(kinds)) {
    client.on(name as keyof ClientEvents, (payload) =>
      told(listener, name, payload === undefined ? [] : [shown(payload)], kind),
    );
  }
  client.on('connection-state-change', ({ prevState, curState }) =>
    listener.status(statusOf(prevState, curState)),
  );
  client.on('network-quality', ({ uplinkNetworkQuality: up, downlinkNetworkQuality: down }) =>
    listener.quality(up, down),
  );
  client.on('peer-online', ({ uid }) => listener.present({ uid, stream: false }));
  client.on('peer-leave', ({ uid }) => listener.absent(uid));
  client.on('stream-added', ({ stream }) => listener.present({ uid: stream.getId(), stream: true }));
  client.on('stream-removed', ({ stream }) => listener.present({ uid: stream.getId(), stream: false }));
  client.on('mute-video', ({ uid }) => listener.present({ uid, muted: true }));
  client.on('unmute-video', ({ uid }) => listener.present({ uid, muted: false }));
  client.on('outage', (record) => listener.outage(record));
}

/** This dialect has one word for joining and for looking for a way back. */
function statusOf(before: string, now: string): Status {
  if (now === 'CONNECTED') return 'connected';
  if (now === 'CONNECTING') return before === 'CONNECTED' ? 'reconnecting' : 'joining';
  return 'out';
}

/** A stream is shown by its id. */
function shown(payload: object): object {
  const { stream } = payload as { stream?: { getId(): number | string } };
  return stream === undefined ? payload : { ...payload, stream: { id: stream.getId() } };
}

function told(listener: Listener, name: string, args: readonly unknown[], kind: Kind): void {
  listener.callback({ name, args, kind, meaning: '' });
}
