/** Local streams: devices, tracks and what is shown on the page. */
import { expect, test, vi } from 'vitest';
import { cameraAndMicrophone, devicesAnswer, page, TestTrack, testMedia } from './stage.ts';
import type { StreamEvents, WebStream, WebStreamSpec } from './stream-types.ts';

test('init opens camera and microphone as the specification and the profile say', async () => {
  const { asked, told, stream } = await opened(
    { ...cameraAndMicrophone, cameraId: 'front', microphoneId: 'desk', audioProcessing: { AEC: false } },
    (stream) => {
      stream.setVideoProfile('720p_3');
      stream.setAudioProfile('music_standard_stereo');
    },
  );
  expect(asked).toEqual([
    {
      devices: {
        audio: { channelCount: { ideal: 2 }, deviceId: { exact: 'desk' }, echoCancellation: false },
        video: {
          width: { ideal: 1280 },
          height: { ideal: 720 },
          frameRate: { ideal: 30 },
          deviceId: { exact: 'front' },
        },
      },
    },
  ]);
  expect(told).toEqual(['accessAllowed', 'ok']);
  expect(stream.getAudioTrack()?.kind).toBe('audio');
  expect(stream.getVideoTrack()?.kind).toBe('video');
  expect(stream.getId()).toBe(7);
});

test("an encoder's configuration is a wish to the camera; what is not said stays open", async () => {
  const { asked } = await opened({ audio: false, video: true }, (stream) => {
    stream.setVideoEncoderConfiguration({
      resolution: { width: 1280, height: { min: 0, max: 720 } },
      frameRate: { min: 10, max: 30 },
      bitrate: { min: 500, max: 1_500 },
    });
    stream.setVideoEncoderConfiguration('720p' as never);
  });
  const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
  expect(asked).toEqual([{ devices: { audio: false, video } }]);
});

test('a screen is chosen by the user, with the microphone beside it', async () => {
  const { asked, told, devices } = await opened(
    { audio: true, video: false, screen: true, screenAudio: true },
    (stream) => stream.setScreenProfile('1080p_1'),
  );
  expect(asked).toEqual([
    {
      screen: {
        video: { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 5 } },
        audio: true,
      },
    },
    { devices: { audio: {}, video: false } },
  ]);
  // One track of each kind: the microphone wins over the sound of the screen.
  expect(devices.map(({ kind, stopped }) => [kind, stopped])).toEqual([
    ['audio', true],
    ['video', false],
    ['audio', false],
  ]);
  devices[1]?.end();
  await devicesAnswer();
  expect(told.slice(2)).toEqual(['stopScreenSharing', 'videoTrackEnded']);
});

test('given tracks are taken as they are, and no device is asked for', async () => {
  const audioSource = new TestTrack('audio').track;
  const { asked, stream } = await opened({ audio: true, video: false, audioSource });
  expect(asked).toEqual([]);
  expect(stream.getAudioTrack()).toBe(audioSource);
  expect([stream.hasAudio(), stream.hasVideo()]).toEqual([true, false]);
});

test.each([
  ['NotAllowedError', ['accessDenied', 'NotAllowedError']],
  ['NotFoundError', ['NotFoundError']],
  ['MEDIA_NOT_SUPPORT', ['MEDIA_NOT_SUPPORT']],
])('%s: the failure callback gets { type, msg, info }', async (name, heard) => {
  const { told, errors, stream } = await opened(cameraAndMicrophone, (_, state) => {
    state.error = Object.assign(new Error('no'), { name });
  });
  expect(told).toEqual(heard);
  expect(errors).toEqual([{ type: 'error', msg: name, info: 'no' }]);
  expect(stream.hasAudio()).toBe(true);
});

test('a specification that is none, and a second init under way', async () => {
  const { AgoraRTC } = page({ media: testMedia().media });
  const errors: string[] = [];
  const failed = ({ msg }: { msg: string }) => errors.push(msg);
  AgoraRTC.createStream('camera' as never).init(undefined, failed);
  const stream = AgoraRTC.createStream(cameraAndMicrophone);
  stream.init();
  stream.init(undefined, failed);
  await devicesAnswer();
  stream.init(() => errors.push('ready already'), failed);
  await devicesAnswer();
  expect(errors).toEqual(['INVALID_PARAMETER', 'INVALID_OPERATION', 'ready already']);
});

test('closing gives the devices back, as often as one likes, also while they are being opened', async () => {
  const { devices, stream } = await opened(cameraAndMicrophone);
  stream.stop();
  stream.stop();
  stream.close();
  stream.close();
  expect(devices.map(({ stopped }) => stopped)).toEqual([true, true]);
  expect(stream.getAudioTrack()).toBe(undefined);
  const { media, opened: later } = testMedia();
  const early = page({ media }).AgoraRTC.createStream(cameraAndMicrophone);
  const errors: string[] = [];
  early.init(undefined, ({ msg }) => errors.push(msg));
  early.close();
  await devicesAnswer();
  expect(later.map(({ stopped }) => stopped)).toEqual([true, true]);
  expect(errors).toEqual(['INVALID_OPERATION']);
});

test('mutes switch the tracks off, and tracks that come later too', async () => {
  const { devices, stream } = await opened(cameraAndMicrophone);
  stream.muteVideo();
  expect(devices.map(({ enabled }) => enabled)).toEqual([true, false]);
  const other = new TestTrack('video');
  stream.replaceTrack(other.track);
  expect(other.enabled).toBe(false);
  stream.enableVideo();
  expect(other.enabled).toBe(true);
});

test('tracks are added, removed and replaced; the flags follow', async () => {
  const { stream, failures } = await opened({ audio: true, video: false });
  const video = new TestTrack('video').track;
  stream.replaceTrack(video, undefined, failures);
  stream.addTrack(video);
  expect(stream.hasVideo()).toBe(true);
  stream.addTrack(new TestTrack('video').track);
  expect(stream.getVideoTrack()).toBe(video);
  stream.removeTrack(new TestTrack('video').track);
  expect(stream.getVideoTrack()).toBe(video);
  stream.removeTrack(video);
  expect([stream.hasVideo(), stream.getVideoTrack()]).toEqual([false, undefined]);
  await devicesAnswer();
  expect(failures.mock.calls).toEqual([[expect.objectContaining({ msg: 'INVALID_OPERATION' })]]);
});

test('switchDevice puts the track of another device in the place of the first', async () => {
  const { asked, devices, stream, failures } = await opened(cameraAndMicrophone);
  const done = vi.fn();
  stream.switchDevice('video', 'back', done, failures);
  stream.switchDevice('smell' as never, 'back', done, failures);
  await devicesAnswer();
  expect(done).toHaveBeenCalledOnce();
  expect(asked[1]?.devices).toMatchObject({ video: { deviceId: { exact: 'back' } } });
  expect(devices.map(({ stopped }) => stopped)).toEqual([false, true, false]);
  expect(stream.getVideoTrack()).toBe(devices[2]?.track);
  expect(failures.mock.calls).toEqual([[expect.objectContaining({ msg: 'INVALID_PARAMETER' })]]);
});

test('without a page nothing plays, and the callback says why', async () => {
  const { stream } = await opened(cameraAndMicrophone);
  const called = vi.fn();
  stream.play('camera', { fit: 'contain' }, called);
  stream.play('camera', called);
  await stream.resume();
  expect(called.mock.calls).toEqual(Array(2).fill([{ status: 'aborted', reason: expect.any(String) }]));
  expect([stream.isPlaying(), stream.getAudioLevel()]).toEqual([false, 0]);
});

test('in Node a stream is what its specification says', async () => {
  const { AgoraRTC } = page();
  const stream = AgoraRTC.createStream(cameraAndMicrophone);
  const done = vi.fn();
  stream.init(done);
  await devicesAnswer();
  expect(done).toHaveBeenCalledOnce();
  expect([stream.hasAudio(), stream.hasVideo(), stream.getVideoTrack()]).toEqual([true, true, undefined]);
});

test('devices, codecs and requirements are those of the browser; in Node there are none', async () => {
  const browser = page({ media: testMedia().media }).AgoraRTC;
  const listed = vi.fn();
  browser.getDevices(listed);
  browser.createClient({ mode: 'rtc', codec: 'vp8' }).getCameras(listed);
  await devicesAnswer();
  expect(listed.mock.calls.map(([list]) => list.length).sort()).toEqual([1, 3]);
  expect(browser.checkSystemRequirements()).toBe(true);
  expect(await browser.getSupportedCodec()).toEqual({ video: ['VP8'], audio: ['OPUS'] });
  expect(page().AgoraRTC.checkSystemRequirements()).toBe(false);
  expect(await page().AgoraRTC.getSupportedCodec()).toEqual({ video: [], audio: [] });
});

/** A stream whose `init` has been answered. */
async function opened(
  spec: WebStreamSpec,
  before: (stream: WebStream, state: { error: Error | null }) => void = () => {},
) {
  const { media, asked, opened: devices, state } = testMedia();
  const stream = page({ media }).AgoraRTC.createStream(spec);
  const told: string[] = [];
  const errors: object[] = [];
  const events: (keyof StreamEvents)[] = [
    'accessAllowed',
    'accessDenied',
    'stopScreenSharing',
    'audioTrackEnded',
    'videoTrackEnded',
  ];
  for (const event of events) stream.on(event, () => void told.push(event));
  before(stream, state);
  stream.init(
    () => told.push('ok'),
    (error) => {
      told.push(error.msg);
      errors.push(error);
    },
  );
  await devicesAnswer();
  return { stream, asked, devices, told, errors, failures: vi.fn() };
}
