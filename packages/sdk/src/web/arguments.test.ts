/** C-80: pages may pass anything; they get a code in their failure callback, and nothing else happens. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialised, page, testMedia } from './stage.ts';
import type { WebStream } from './stream-types.ts';
import type { AgoraRtc, Logger, WebClient } from './types.ts';
import { originOf } from './world.ts';

test.each<[string, unknown[], string]>([
  ['a uid that is an object', ['', 'room', {}], 'INVALID_PARAMETER'],
  ['a uid that is a boolean', ['', 'room', true], 'INVALID_PARAMETER'],
  ['a uid with a fraction', ['', 'room', 1.5], 'INVALID_UID'],
  ['a negative uid', ['', 'room', -1], 'INVALID_UID'],
  ['a uid beyond 32 bits', ['', 'room', 2 ** 32], 'INVALID_UID'],
  ['the largest uid', ['', 'room', 2 ** 32 - 1], ''],
  ['an empty string as uid', ['', 'room', ''], 'INVALID_UID'],
  ['a string uid that is too long', ['', 'room', 'a'.repeat(65)], 'INVALID_UID'],
  ['no channel', ['', undefined, 7], 'INVALID_PARAMETER'],
  ['an empty channel', ['', '', 7], 'INVALID_CHANNEL_NAME'],
  ['64 characters', ['', 'a'.repeat(64), 7], ''],
  ['65 characters', ['', 'a'.repeat(65), 7], 'INVALID_CHANNEL_NAME'],
  ['more than 64 bytes', ['', 'é'.repeat(33), 7], 'INVALID_CHANNEL_NAME'],
  ['a line break in the channel', ['', 'a\nb', 7], 'INVALID_CHANNEL_NAME'],
  ['half a character', ['', '\ud800', 7], 'INVALID_CHANNEL_NAME'],
  ['a token that is a number', [5, 'room', 7], 'INVALID_PARAMETER'],
  ['a token that is too long', ['t'.repeat(4_097), 'room', 7], 'INVALID_PARAMETER'],
  ['no token', [undefined, 'room', 7], ''],
])('join with %s', async (_what, args, code) => {
  const { host, client } = initialised();
  const codes: unknown[] = [];
  (client.join as (...args: unknown[]) => void)(...args, undefined, (error: unknown) => codes.push(error));
  expect(codes).toEqual([]);
  await host.settle();
  expect(codes).toEqual(code === '' ? [] : [code]);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'INVALID_PARAMETER'],
  ['a number', 5, 'INVALID_PARAMETER'],
  ['an empty app id', '', 'INVALID_VENDOR_KEY'],
  ['an app id that is too long', 'a'.repeat(65), 'INVALID_VENDOR_KEY'],
  ['an app id', 'demo', 'done'],
])('init with %s', async (_what, appId, heard) => {
  const { host, AgoraRTC } = page();
  const told: string[] = [];
  const client = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });
  client.init(
    appId as string,
    () => told.push('done'),
    (code) => told.push(code),
  );
  await host.settle();
  expect(told).toEqual([heard]);
});

test('what is not possible in a state says so', async () => {
  const { host, client, told, callback, AgoraRTC } = initialised();
  const fresh = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });
  fresh.join(null, 'room', 7, undefined, callback('before init'));
  client.renewToken('token', undefined, callback('outside'));
  client.join(null, 'room', 7);
  client.join(null, 'other', 7, undefined, callback('joining already'));
  client.init('demo', undefined, callback('too late'));
  await host.settle();
  const calls = told.filter(([, argument]) => argument === 'INVALID_OPERATION').map(([name]) => name);
  expect(new Set(calls)).toEqual(new Set(['before init', 'outside', 'joining already', 'too late']));
});

test.each<[string, unknown, boolean]>([
  ['nothing', undefined, false],
  ['no servers', {}, false],
  ['an empty list', { servers: [] }, false],
  ['a server that is no WebSocket address', { servers: ['https://one'] }, false],
  ['one server', { servers: ['wss://one:7880/path'] }, true],
])('configure with %s', (_what, configuration, understood) => {
  expect(page().AgoraRTC.configure(configuration as never)).toBe(understood);
});

test.each([
  ['https://rtc.example.org/sdk/web.js?v=1', 'wss://rtc.example.org'],
  ['http://127.0.0.1:7880/sdk/web.js', 'ws://127.0.0.1:7880'],
  ['HTTPS://user:secret@[::1]:8080/sdk/web.js', 'wss://[::1]:8080'],
  ['file:///sdk/web.js', null],
  ['blob:https://example.org/1', null],
  ['', null],
  [undefined, null],
])('a script from %s finds %s', (script, server) => {
  expect(originOf(script)).toBe(server);
});

test('listeners: in order, once for each time they were added, a throwing one disturbs nobody', async () => {
  const { host, client, join } = initialised();
  const called: string[] = [];
  const one = () => called.push('one');
  const two = () => called.push('two');
  client.on('connection-state-change', () => {
    called.push('throws');
    throw new Error('mine');
  });
  client.on('connection-state-change', one);
  client.on('connection-state-change', two);
  client.on('connection-state-change', two);
  client.off('connection-state-change', one);
  client.off('connection-state-change', two);
  client.off('peer-online', two);
  join();
  await host.settle();
  expect(called).toEqual(['throws', 'two']);
  expect(host.reported).toEqual([new Error('mine')]);
  client.off('connection-state-change');
  client.leave();
  await host.settle();
  expect(called).toHaveLength(2);
});

test('the log prints warnings, unless it is told otherwise', () => {
  const { AgoraRTC, printed } = page();
  AgoraRTC.configure({ servers: [] });
  AgoraRTC.Logger.setLogLevel(AgoraRTC.Logger.NONE);
  AgoraRTC.configure({ servers: [] });
  AgoraRTC.Logger.setLogLevel('loud' as never);
  AgoraRTC.Logger.enableLogUpload();
  expect(printed).toEqual([expect.stringMatching(/^error: configure: /)]);
});

describe('whatever is passed to whichever method', () => {
  const junk = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
    fc.constantFrom<unknown>(
      ...[Symbol('junk'), Number.NaN, () => {}, new Proxy({}, {})],
      ...['stream-added', 'host', 'audio', 'video', 'camera', '720p'],
    ),
  );
  const methods = fc.constantFrom(...methodsOf('AgoraRTC', 'Logger', 'client', 'stream'));
  const calls = fc.array(fc.tuple(methods, fc.array(junk, { maxLength: 5 })), { maxLength: 30 });

  test('it does not throw, and the client joins afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (list) => {
        const { host, client, AgoraRTC, join } = initialised('rtc', { media: testMedia().media });
        const stream = AgoraRTC.createStream({ audio: true, video: true });
        const objects = { AgoraRTC, Logger: AgoraRTC.Logger, client, stream };
        for (const [{ of, name }, args] of list) {
          const method = (objects[of] as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
          await method?.apply(objects[of], args);
        }
        client.leave();
        await host.pass(3_000);
        client.init('demo');
        expect(AgoraRTC.configure({ servers: ['ws://one'] })).toBe(true);
        join();
        expect(client.getConnectionState()).toBe('CONNECTING');
      }),
      { numRuns: 300 },
    );
  });
});

type Target = 'AgoraRTC' | 'Logger' | 'client' | 'stream';

/** Every public method of some objects. */
function methodsOf(...targets: Target[]): { of: Target; name: string }[] {
  return targets.flatMap((of) => publicMethods[of].map((name) => ({ of, name })));
}

const publicMethods: Record<Target, string[]> = {
  AgoraRTC: [
    'configure',
    'createClient',
    'createStream',
    'getDevices',
    'checkSystemRequirements',
    'getSupportedCodec',
  ] satisfies (keyof AgoraRtc)[],
  Logger: ['setLogLevel', 'enableLogUpload', 'disableLogUpload', 'setProxyServer'] satisfies (keyof Logger)[],
  client: [
    ...(['init', 'join', 'leave', 'publish', 'unpublish', 'subscribe', 'unsubscribe'] as const),
    ...(['setClientRole', 'renewToken', 'sendStreamMessage'] as const),
    ...(['getConnectionState', 'on', 'off'] as const),
    ...(['enableDualStream', 'disableDualStream', 'setRemoteVideoStreamType'] as const),
    ...(['setStreamFallbackOption', 'setLowStreamParameter', 'getOutages'] as const),
    ...(['enableAudioVolumeIndicator'] as const),
    ...(['getLocalAudioStats', 'getLocalVideoStats', 'getRemoteAudioStats'] as const),
    ...(['getRemoteVideoStats', 'getSessionStats', 'getTransportStats'] as const),
    ...(['getCameras', 'getRecordingDevices', 'getPlayoutDevices'] as const),
  ] satisfies (keyof WebClient)[],
  stream: [
    ...(['getId', 'init', 'play', 'stop', 'close', 'resume', 'isPlaying'] as const),
    ...(['muteAudio', 'unmuteAudio', 'muteVideo', 'unmuteVideo'] as const),
    ...(['disableAudio', 'enableAudio', 'disableVideo', 'enableVideo'] as const),
    ...(['hasAudio', 'hasVideo', 'isAudioOn', 'isVideoOn', 'getAudioTrack', 'getVideoTrack'] as const),
    ...(['addTrack', 'removeTrack', 'replaceTrack', 'switchDevice'] as const),
    ...(['setVideoProfile', 'setScreenProfile', 'setAudioProfile'] as const),
    ...(['setVideoEncoderConfiguration'] as const),
    ...(['setAudioVolume', 'getAudioLevel', 'getStats', 'on', 'off'] as const),
  ] satisfies (keyof WebStream)[],
};
