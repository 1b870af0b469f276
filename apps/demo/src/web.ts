/** web: a client with events, in the shape of 2.x. */
import AgoraRTC, { type ClientEvents } from '@holdfast/sdk/web';
import type { Dialect, Kind, Listener, Status } from './client.ts';
import { WebStudio } from './studio.ts';

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
    const studio = new WebStudio(client, `${uid}`, {
      failed: (method, code) => failed(method)(code),
      note: (text) => listener.note(text),
      shown: (play, of) => listener.ownPicture(play, of),
    });
    const joined = (own: number) => {
      told(listener, 'join: onSuccess', [own], 'good');
      studio.open();
    };
    const refused = (code: unknown) => {
      failed('join')(code);
      listener.status('failed');
    };
    client.init('demo', () => client.join(null, channel, uid, joined, refused), failed('init'));
    return {
      leave: leaving(client, listener, () => studio.close()),
      mute: (kind, muted) => studio.mute(kind, muted),
      studio,
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
    client.on(name as keyof ClientEvents, (payload) => {
      const isGood = (payload as { readonly code?: unknown } | undefined)?.code === goesOn;
      told(listener, name, payload === undefined ? [] : [shown(payload)], isGood ? 'good' : kind);
    });
  }
  client.on('connection-state-change', ({ prevState, curState }) =>
    listener.status(statusOf(prevState, curState)),
  );
  client.on('network-quality', ({ uplinkNetworkQuality: up, downlinkNetworkQuality: down }) =>
    listener.quality(up, down),
  );
  client.on('peer-online', ({ uid }) => listener.present({ uid, stream: false }));
  client.on('peer-leave', ({ uid }) => listener.absent(uid));
  client.on('stream-added', ({ stream }) => {
    listener.present({
      uid: stream.getId(),
      stream: true,
      muted: !stream.isVideoOn(),
      silent: !stream.isAudioOn(),
    });
    client.subscribe(stream, (code) => told(listener, 'subscribe: onFailure', [code], 'trouble'));
  });
  client.on('stream-subscribed', ({ stream }) => show(stream, listener));
  client.on('stream-removed', ({ stream }) =>
    listener.present({ uid: stream.getId(), stream: false, play: undefined, unblock: undefined }),
  );
  client.on('exception', ({ code, uid }) => {
    if (code === stands) listener.present({ uid, still: true });
    if (code === goesOn) listener.present({ uid, still: false });
  });
  client.on('mute-audio', ({ uid }) => listener.present({ uid, silent: true }));
  client.on('unmute-audio', ({ uid }) => listener.present({ uid, silent: false }));
  client.on('mute-video', ({ uid }) => listener.present({ uid, muted: true }));
  client.on('unmute-video', ({ uid }) => listener.present({ uid, muted: false }));
  client.on('outage', (record) => listener.outage(record));
}

/** Codes of `exception`: a picture stands still, and goes on. */
const stands = 1_005;
const goesOn = 3_005;

function show(stream: WebStream, listener: Listener): void {
  const uid = stream.getId();
  const play = (elementId: string) =>
    stream.play(elementId, { fit: 'cover' }, (error) => {
      if (error?.status !== 'paused') return;
      const unblock = () => void stream.resume().then(() => listener.present({ uid, unblock: undefined }));
      listener.present({ uid, unblock });
    });
  listener.present({ uid, play });
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
