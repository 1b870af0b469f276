/**
 * Programs of the 2.x and 3.x API compile unchanged but for the import: this one was written from its public
 * documentation. The lines marked as errors must stay errors; the type check of `npm run check` sees to both.
 */
import { expect, test } from 'vitest';
import AgoraRTC from './index.node.ts';
import type BrowserRTC from './index.ts';

/** What the documentation's first program does, in TypeScript. */
function call(appId: string, token: string | null, channel: string, uid: number | string | null) {
  const client: AgoraRTC.Client = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });
  let localStream: AgoraRTC.Stream | undefined;

  client.init(
    appId,
    () => {
      client.join(
        token,
        channel,
        uid,
        (joined) => {
          localStream = AgoraRTC.createStream({ streamID: joined, audio: true, video: true, screen: false });
          localStream.setVideoProfile('720p_3');
          localStream.init(
            () => {
              localStream?.play('agora_local');
              if (localStream) client.publish(localStream, (err) => console.log(`Publish failed: ${err}`));
            },
            (err) => console.log('getUserMedia failed', err.msg, err.info),
          );
        },
        (err) => console.log('Join channel failed', err),
      );
    },
    (err) => console.log('Client init failed', err),
  );

  listen(client);
  return () => {
    localStream?.stop();
    localStream?.close();
    client.leave(
      () => {},
      (err) => console.log('leave failed', err),
    );
    return client;
  };
}

function listen(client: AgoraRTC.Client): void {
  const shown = new Map<string, AgoraRTC.Stream>();
  client.on('error', (err) => {
    if (err.reason === 'DYNAMIC_KEY_EXPIRED') client.renewToken('newer');
  });
  client.on('stream-added', (evt) => {
    const { stream } = evt;
    client.subscribe(stream, { audio: true, video: true }, (err) => console.log('Subscribe failed', err));
  });
  client.on('stream-subscribed', (evt) => {
    const remote = evt.stream;
    shown.set(String(remote.getId()), remote);
    remote.play(`agora_remote${remote.getId()}`, { fit: 'contain' }, (err) => {
      if (err && err.status !== 'aborted') remote.resume().catch(() => {});
    });
  });
  client.on('stream-removed', (evt) => {
    evt.stream.stop();
    shown.delete(String(evt.stream.getId()));
  });
  client.on('peer-leave', (evt) => {
    if (evt.reason === 'Quit') evt.stream.stop();
    shown.delete(String(evt.uid));
  });
  client.on('mute-video', ({ uid: muted }) => console.log(`${muted} muted`));
  client.on('connection-state-change', ({ prevState, curState }) => {
    if (prevState === 'CONNECTED' && curState === 'CONNECTING') console.log('looking for the connection');
  });
}

/** Never called: whoever joins with a number is told a number. */
export function right(client: AgoraRTC.Client): void {
  client.join(null, 'room', 7, (uid: number) => uid);
  client.join(null, 'room', 'alice', (uid: string) => uid);
  client.join(null, 'room', null, (uid: number) => uid);
  client.join(null, 'room', 7 as number | string, 'a word on me', (uid: number | string) => uid);
  client.setClientRole('host', (error) => error?.toLowerCase());
  client.subscribe({} as AgoraRTC.Stream, (code) => code.toLowerCase());
  client.sendStreamMessage('hello');
  client.sendStreamMessage(
    { payload: new Uint8Array([1]), syncWithAudio: true },
    () => {},
    (code) => code.toLowerCase(),
  );
  client.on('stream-message', ({ uid, streamId, data }) => [uid, streamId, data.length]);
  client.enableAudioVolumeIndicator();
  client.on('volume-indicator', ({ attr }) => attr.map(({ uid, level }) => [uid, level]));
  client.on('network-type-changed', ({ networkType }) => networkType === 'wifi');
  const stream = {} as AgoraRTC.Stream;
  stream.setVideoEncoderConfiguration({
    resolution: { width: 640, height: { min: 360, max: 720 } },
    frameRate: { min: 10, max: 15 },
    bitrate: { min: 200, max: 500 },
  });
  client.on('stream-message-gap', ({ uid, missed, from, to, reason }) => [uid, missed, from, to, reason]);
}

/** Never called: wrong programs, each of which must fail to compile. */
export function wrong(client: AgoraRTC.Client, stream: AgoraRTC.Stream): void {
  // @ts-expect-error a channel has a name
  client.join(null, 7, 7);
  // @ts-expect-error a uid is a number or a string
  client.join(null, 'room', true);
  // @ts-expect-error whoever joins with a number is told a number
  client.join(null, 'room', 7, (uid: string) => uid);
  // @ts-expect-error there is no such event
  client.on('stream-lost', () => {});
  // @ts-expect-error this event has no stream
  client.on('peer-online', (evt) => evt.stream);
  // @ts-expect-error a role is one of the two
  client.setClientRole('broadcaster');
  // @ts-expect-error a mode is one of the two
  AgoraRTC.createClient({ mode: 'p2p', codec: 'vp8' });
  // @ts-expect-error a stream says whether it has video
  AgoraRTC.createStream({ audio: true });
  // @ts-expect-error there is no such reason
  client.on('peer-leave', (evt) => evt.reason === 'Gone');
  // @ts-expect-error a message is a string or bytes
  client.sendStreamMessage(7);
  // @ts-expect-error what is published is a stream
  client.publish('camera');
  // @ts-expect-error a stream is played inside an element's id
  stream.play(7);
  // @ts-expect-error methods tell by callbacks, not by promises
  client.leave().then(() => {});
  // @ts-expect-error a profile has a name, a configuration has members
  stream.setVideoEncoderConfiguration('480p');
  // @ts-expect-error servers are a list
  AgoraRTC.configure({ servers: 'wss://one' });
}

/** Never called: the object of browsers has the same type. */
export const same = (browser: typeof BrowserRTC): typeof AgoraRTC => browser;

test('a program of the 2.x API compiles, joins and leaves', async () => {
  AgoraRTC.Logger.setLogLevel(AgoraRTC.Logger.NONE);
  AgoraRTC.configure({ servers: ['ws://127.0.0.1:9'] });
  const leave = call('demo', null, 'room', null);
  await Promise.resolve();
  const client = leave();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(client.getConnectionState()).toBe('DISCONNECTED');
  expect(AgoraRTC.VERSION).toMatch(/^\d+\.\d+\.\d+$/);
});
