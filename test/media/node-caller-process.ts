/** Somebody in a call, on Node: sends a moving picture and a tone, and notes what comes until it is asked. */
import { createRtcEngine, type IRtcEngine } from '@holdfast/sdk/native';

export type ToNodeCaller =
  | { type: 'enter'; servers: readonly string[]; channel: string; uid: number; sends: boolean }
  | { type: 'mute'; muted: boolean }
  | { type: 'tell'; question: number };

/** Several may ask at once: an answer has the number of its question. */
export interface Answer {
  readonly question: number;
  readonly heard: FromNodeCaller;
}

/** Everything since the beginning; times are milliseconds since 1970. */
export interface FromNodeCaller {
  /** When a picture or a sound of somebody came, by uid. */
  readonly pictures: Record<number, number[]>;
  readonly sounds: Record<number, number[]>;
  /** Callbacks about others and about the connection; what is said of media alone is apart. */
  readonly told: [at: number, name: string, ...args: unknown[]][];
  readonly media: [at: number, name: string, ...args: unknown[]][];
}

const about = [
  'onUserJoined',
  'onUserOffline',
  'onConnectionInterrupted',
  'onConnectionLost',
  'onRejoinChannelSuccess',
  'onUserMuteVideo',
] as const;
const media = [
  'onRemoteVideoStateChanged',
  'onRemoteAudioStateChanged',
  'onFirstRemoteVideoFrame',
  'onError',
] as const;

const heard: FromNodeCaller = { pictures: {}, sounds: {}, told: [], media: [] };
let engine: IRtcEngine | undefined;

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToNodeCaller) => {
  if (message.type === 'enter') enter(message);
  else if (message.type === 'mute') engine?.muteLocalVideoStream(message.muted);
  else process.send?.({ question: message.question, heard } satisfies Answer);
});

function enter({ servers, channel, uid, sends }: Extract<ToNodeCaller, { type: 'enter' }>): void {
  engine = createRtcEngine();
  engine.initialize({ appId: 'demo', servers });
  for (const name of about)
    engine.addListener(
      name,
      (_: unknown, ...args: unknown[]) => void heard.told.push([Date.now(), name, ...args]),
    );
  for (const name of media)
    engine.addListener(
      name,
      (_: unknown, ...args: unknown[]) => void heard.media.push([Date.now(), name, ...args]),
    );
  const bytes = engine.getMediaEngine();
  bytes.registerVideoFrameObserver({
    onRenderVideoFrame: (_, from) => note(heard.pictures, from),
  });
  bytes.registerAudioFrameObserver({
    onPlaybackAudioFrameBeforeMixing: (_, from) => note(heard.sounds, from),
  });
  bytes.setExternalVideoSource(sends);
  bytes.setExternalAudioSource(sends);
  engine.joinChannel('', channel, uid, { publishCameraTrack: sends, publishMicrophoneTrack: sends });
  if (!sends) return;
  show(bytes);
  play(bytes);
}

function note(times: Record<number, number[]>, uid: number): void {
  times[uid] ??= [];
  times[uid].push(Date.now());
}

const width = 160;
const height = 120;
const picturesPerSecond = 15;
const samplesPerSec = 48_000;

/** A bar that wanders, and noise below it: no codec makes it small. */
function show(bytes: ReturnType<IRtcEngine['getMediaEngine']>): void {
  let number = 0;
  setInterval(() => {
    const buffer = new Uint8Array((width * height * 3) / 2).fill(128);
    for (let line = 0; line < height; line += 1)
      buffer.fill(255, line * width + (number % 140), line * width + (number % 140) + 20);
    for (let at = width * 60; at < width * 90; at += 1) buffer[at] = 255 * Math.random();
    number += 1;
    bytes.pushVideoFrame({ type: 0, format: 1, stride: width, height, buffer });
  }, 1_000 / picturesPerSecond);
}

/** 440 Hz, as much as time has passed. */
function play(bytes: ReturnType<IRtcEngine['getMediaEngine']>): void {
  const beganAt = performance.now();
  let played = 0;
  setInterval(() => {
    const due = Math.min(
      samplesPerSec,
      Math.floor(((performance.now() - beganAt) * samplesPerSec) / 1_000) - played,
    );
    if (due <= 0) return;
    const samples = Int16Array.from(
      { length: due },
      (_, index) => 8_000 * Math.sin((2 * Math.PI * 440 * (played + index)) / samplesPerSec),
    );
    played += due;
    bytes.pushAudioFrame({
      samplesPerChannel: due,
      bytesPerSample: 2,
      channels: 1,
      samplesPerSec,
      buffer: new Uint8Array(samples.buffer),
    });
  }, 10);
}
