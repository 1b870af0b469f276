import { looked } from '../driver/looked.ts';
import type { Media } from './media.ts';
import type { StreamError } from './stream-types.ts';

/** What a stream is to be made of; `createStream`'s specification, read with suspicion. */
export interface Source {
  readonly id: number | string | undefined;
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  readonly screenAudio: boolean;
  readonly mirror: boolean;
  readonly audioSource: MediaStreamTrack | undefined;
  readonly videoSource: MediaStreamTrack | undefined;
  readonly microphone: MediaTrackConstraints;
  readonly camera: MediaTrackConstraints;
}

/** Wishes that `setVideoProfile` and its like have uttered. */
export interface Wishes {
  camera: MediaTrackConstraints;
  screen: MediaTrackConstraints;
  microphone: MediaTrackConstraints;
}

/** Null if the specification is none. What has the wrong type in it counts as not said. */
export function readSpec(spec: unknown): Source | null {
  return looked(() => sourceOf(spec), null);
}

function sourceOf(spec: unknown): Source | null {
  if (typeof spec !== 'object' || spec === null) return null;
  const said = spec as Record<string, unknown>;
  const { streamID, audioSource, videoSource, cameraId, microphoneId, facingMode } = said;
  const processing = (said.audioProcessing ?? {}) as Record<string, unknown>;
  return {
    id: typeof streamID === 'number' || typeof streamID === 'string' ? streamID : undefined,
    audio: said.audio === true || isTrack(audioSource),
    video: said.video === true || said.screen === true || isTrack(videoSource),
    screen: said.screen === true,
    screenAudio: said.screenAudio === true,
    mirror: said.mirror !== false,
    audioSource: isTrack(audioSource) ? audioSource : undefined,
    videoSource: isTrack(videoSource) ? videoSource : undefined,
    microphone: {
      ...(isName(microphoneId) && { deviceId: { exact: microphoneId } }),
      ...(typeof processing.AEC === 'boolean' && { echoCancellation: processing.AEC }),
      ...(typeof processing.AGC === 'boolean' && { autoGainControl: processing.AGC }),
      ...(typeof processing.ANS === 'boolean' && { noiseSuppression: processing.ANS }),
    },
    camera: {
      ...(isName(cameraId) && { deviceId: { exact: cameraId } }),
      ...(isName(facingMode) && { facingMode }),
    },
  };
}

/** Whatever looks like a track is taken for one. */
export function isTrack(value: unknown): value is MediaStreamTrack {
  if (typeof value !== 'object' || value === null) return false;
  const said = looked(() => {
    const { kind, stop, addEventListener } = value as Record<string, unknown>;
    return { kind, does: typeof stop === 'function' && typeof addEventListener === 'function' };
  }, null);
  return said?.does === true && (said.kind === 'audio' || said.kind === 'video');
}

/** Opens what a source asks for: at most one track of each kind. */
export async function open(media: Media, source: Source, wishes: Wishes): Promise<MediaStreamTrack[]> {
  const tracks: MediaStreamTrack[] = [];
  try {
    // The browser lets the user choose a screen only right after a gesture: it comes first.
    if (source.screen && !source.videoSource) {
      tracks.push(...(await media.captureScreen({ video: wishes.screen, audio: source.screenAudio })));
    }
    const audio = source.audio && !source.audioSource && { ...wishes.microphone, ...source.microphone };
    const filmed = source.video && !source.videoSource && !source.screen;
    const video = filmed && { ...wishes.camera, ...source.camera };
    if (audio || video) tracks.unshift(...(await media.capture({ audio, video })));
  } catch (error) {
    for (const track of tracks) track.stop();
    throw error;
  }
  const given = [source.audioSource, source.videoSource].filter((track) => track !== undefined);
  return firstOfEachKind([...given, ...tracks]);
}

/** Opens one device in the place of another. */
export async function openDevice(
  media: Media,
  kind: 'audio' | 'video',
  deviceId: string,
  wishes: Wishes,
): Promise<MediaStreamTrack> {
  const device = { deviceId: { exact: deviceId } };
  const [track] = await media.capture(
    kind === 'audio'
      ? { audio: { ...wishes.microphone, ...device } }
      : { video: { ...wishes.camera, ...device } },
  );
  if (track === undefined) throw new Error('the device gave no track');
  return track;
}

/** What a failure callback is told of something that was thrown. */
export function streamError(error: unknown): StreamError {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { type: 'error', msg: name, info: message };
}

/** An error of our own making. */
export function refusal(msg: 'INVALID_PARAMETER' | 'INVALID_OPERATION', info: string): StreamError {
  return { type: 'error', msg, info };
}

function firstOfEachKind(tracks: readonly MediaStreamTrack[]): MediaStreamTrack[] {
  const first = (kind: string) => tracks.find((track) => track.kind === kind);
  const chosen = [first('audio'), first('video')].filter((track) => track !== undefined);
  for (const track of tracks) if (!chosen.includes(track)) track.stop();
  return chosen;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
