/** Audio and video in the native dialect. */
import { expect, test } from 'vitest';
import { entries, member, stream } from '../engine/stage.ts';
import type { Size } from '../media/medium.ts';
import { frozenMs } from '../media/remote-state.ts';
import { inside, testStudio } from './stage.ts';

const picture = { type: 0, format: 1, stride: 4, height: 2, buffer: new Uint8Array(12) } as const;
const tone = {
  samplesPerChannel: 480,
  channels: 1,
  samplesPerSec: 48_000,
  buffer: new Uint8Array(960),
} as const;
const states = ['onRemoteVideoStateChanged', 'onFirstRemoteVideoFrame', 'onRemoteAudioStateChanged'];

async function watching() {
  const { studio, told: medium, state } = testStudio();
  const stage = await inside({}, undefined, studio);
  const seen: unknown[] = [];
  const observer = { onRenderVideoFrame: (...args: unknown[]) => void seen.push(args) };
  expect(stage.engine.getMediaEngine().registerVideoFrameObserver(observer)).toBe(0);
  entries(stage.host, 1, member(8));
  await stage.host.settle();
  const about = () =>
    stage.told.filter(([name]) => states.includes(name)).map(([name, , ...rest]) => [name, ...rest]);
  /** States and reasons of 8's video. */
  const videoStates = () =>
    about()
      .filter(([name]) => name === 'onRemoteVideoStateChanged')
      .map((each) => each.slice(2, 4));
  const events = state.events!;
  let count = 0;
  /** More has arrived of 8. */
  const came = (size: Size | null = null) => {
    count += 1;
    events.beat({ path: null, arrived: [{ uid: 8, kind: 'video', count, size }] });
  };
  return { ...stage, medium, events, came, seen, about, videoStates };
}

test('C-80 what a server does not pass on is told as an error, of oneself and of others', async () => {
  const { events, told, host } = await watching();
  const text = 'why';
  events.refused({ uid: 8, stream: 1, kind: 'video', fault: 'noCodec', text });
  events.refused({ uid: null, stream: 1, kind: 'audio', fault: 'notAllowed', text });
  await host.settle();
  expect(told.filter(([name]) => name === 'onError')).toEqual([
    ['onError', 4, "8's video: why"],
    ['onError', 9, 'the own audio: why'],
  ]);
});

test('where there are no media, whoever asks for them is told so, and everything else works', async () => {
  const { studio, told } = testStudio('not installed');
  for (const nowhere of [studio, null]) {
    const { engine, host } = await inside({}, undefined, nowhere);
    const media = engine.getMediaEngine();
    const asked = [
      media.setExternalVideoSource(true),
      media.setExternalAudioSource(true),
      media.pushVideoFrame(picture),
      media.pushAudioFrame(tone),
      media.registerVideoFrameObserver({}),
      media.registerAudioFrameObserver({}),
    ];
    expect(asked).toEqual(Array(6).fill(-4));
    expect(engine.getErrorDescription(-4)).toMatch(/@roamhq\/wrtc/);
    expect([
      engine.enableVideo(),
      engine.muteLocalAudioStream(true),
      media.unregisterVideoFrameObserver(),
    ]).toEqual([...[0, 0, 0]]);
    await host.settle();
    expect(host.latest.sent('update').at(-1)?.self.streams).toMatchObject([{ audioMuted: true }]);
  }
  expect(told).toEqual([]);
});

test('C-80 pictures and sounds that are none are refused; without a source there is nowhere to put them', async () => {
  const { studio } = testStudio();
  const { engine } = await inside({}, undefined, studio);
  const media = engine.getMediaEngine();
  expect([media.pushVideoFrame(picture), media.pushAudioFrame(tone)]).toEqual([-3, -3]);
  media.setExternalVideoSource(true);
  media.setExternalAudioSource(true);
  const pictures = [
    ...[
      { ...picture, format: 2 },
      { ...picture, stride: 3 },
      { ...picture, buffer: new Uint8Array(11) },
    ],
    ...[{ ...picture, height: 1e9 }, { ...picture, stride: -4 }, {}, null],
  ];
  for (const wrong of pictures) expect(media.pushVideoFrame(wrong as never)).toBe(-2);
  const sounds = [
    ...[
      { ...tone, channels: 3 },
      { ...tone, samplesPerSec: 47_999 },
      { ...tone, samplesPerChannel: 481 },
    ],
    ...[{ ...tone, bytesPerSample: 4 }, { ...tone, samplesPerChannel: 0 }, {}, undefined],
  ];
  for (const wrong of sounds) expect(media.pushAudioFrame(wrong as never)).toBe(-2);
  expect([media.pushVideoFrame(picture), media.pushAudioFrame(tone)]).toEqual([0, 0]);
});

test('C-71 what is muted or not published goes nowhere', async () => {
  const { studio, told } = testStudio();
  const { engine } = await inside({}, undefined, studio);
  const media = engine.getMediaEngine();
  media.setExternalVideoSource(true);
  expect(told).toContainEqual(['send', ['video']]);
  const shown = () => told.filter(([name]) => name === 'still').length;
  media.pushVideoFrame(picture);
  expect(shown()).toBe(1);
  engine.muteLocalVideoStream(true);
  media.pushVideoFrame(picture);
  engine.muteLocalVideoStream(false);
  engine.enableLocalVideo(false);
  media.pushVideoFrame(picture);
  expect(shown()).toBe(1);
  expect(told.at(-1)).toEqual(['send', []]);
});

test('C-72 loss of media alone is told, and nobody is declared offline', async () => {
  const { host, medium, events, came, seen, about, told } = await watching();
  expect(medium).toContainEqual(['want', 8, ['video']]);
  came({ width: 4, height: 2 });
  events.still(8, { width: 4, height: 2, data: Uint8Array.from(Array(12).keys()) });
  expect(seen).toEqual([
    ['room', 8, expect.objectContaining({ width: 4, yStride: 4, uBuffer: Uint8Array.of(8, 9) })],
  ]);
  await host.pass(frozenMs + 500);
  came({ width: 4, height: 2 });
  await host.settle();
  expect(about().map((each) => each.slice(0, -1))).toEqual([
    ['onRemoteVideoStateChanged', 8, 1, 0],
    ['onRemoteVideoStateChanged', 8, 2, 0],
    ['onFirstRemoteVideoFrame', 8, 4, 2],
    ['onRemoteVideoStateChanged', 8, 3, 1],
    ['onRemoteVideoStateChanged', 8, 2, 2],
  ]);
  expect(told.filter(([name]) => name === 'onUserOffline')).toEqual([]);
});

test('mutes of the others, and of others here, are told as what they are', async () => {
  const { host, engine, medium, came, videoStates } = await watching();
  came();
  entries(host, 2, member(8, { streams: [stream({ videoMuted: true })] }));
  await host.settle();
  entries(host, 3, member(8));
  await host.settle();
  came();
  engine.muteRemoteVideoStream(8, true);
  await host.settle();
  expect(medium.at(-1)).toEqual(['want', 8, []]);
  engine.muteRemoteVideoStream(8, false);
  await host.settle();
  expect(videoStates()).toEqual([
    ...[
      [1, 0],
      [2, 0],
      [0, 5],
      [1, 6],
      [2, 0],
      [0, 3],
      [1, 4],
    ],
  ]);
});

test('what somebody publishes no more has stopped, and is no loss of media; published again it begins', async () => {
  const { host, came, videoStates } = await watching();
  came();
  const video = (publishes: boolean) => [stream({ video: publishes })];
  entries(host, 2, member(8, { streams: video(false) }));
  await host.pass(500);
  entries(host, 3, member(8, { streams: [] }));
  await host.pass(250);
  entries(host, 4, member(8, { streams: video(true) }));
  await host.pass(500);
  came();
  expect(videoStates()).toEqual([
    ...[
      [1, 0],
      [2, 0],
      [0, 5],
      [1, 6],
    ],
  ]);
});

test('C-14 after leaveChannel nothing comes of media, and they are closed', async () => {
  const { host, engine, medium, events, came, seen, told } = await watching();
  await host.settle();
  came();
  engine.leaveChannel();
  const before = told.length;
  expect(medium.at(-1)).toEqual(['close']);
  came();
  events.still(8, { width: 4, height: 2, data: new Uint8Array(12) });
  await host.pass(3_000);
  expect(told.slice(before).filter(([name]) => states.includes(name))).toEqual([]);
  expect(seen).toEqual([]);
});

test('an observer that throws is reported and disturbs nobody', async () => {
  const { host, engine, events } = await watching();
  engine.getMediaEngine().registerVideoFrameObserver({
    onRenderVideoFrame() {
      throw new Error('mine');
    },
  });
  events.still(8, { width: 4, height: 2, data: new Uint8Array(12) });
  expect(host.reported).toEqual([new Error('mine')]);
});
