import type { Profile, Role, Self, Stream } from '@holdfast/core';

/** What of a user's audio and video the others get. A user has one stream; its id is always 1. */
export interface Publication {
  /** Whether there is any: `enableLocalAudio`, `enableLocalVideo`. */
  readonly audio: boolean;
  readonly video: boolean;
  readonly audioMuted: boolean;
  readonly videoMuted: boolean;
  /** Whether this stay publishes it: `publishMicrophoneTrack`, `publishCameraTrack`. */
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** Publish by joining, unless told not to (C-24). */
export const everything: Publication = Object.freeze({
  audio: true,
  video: true,
  audioMuted: false,
  videoMuted: false,
  microphone: true,
  camera: true,
});

/** What a user says of itself. The communication profile knows no roles; an audience publishes nothing (C-25). */
export function selfOf(publication: Publication, role: Role, profile: Profile): Self {
  if (profile === 'live' && role === 'audience') return { role, streams: [] };
  const { audioMuted, videoMuted } = publication;
  const audio = publication.audio && publication.microphone;
  const video = publication.video && publication.camera;
  const stream: Stream = { id: 1, audio, video, audioMuted, videoMuted };
  return { role: 'host', streams: audio || video ? [stream] : [] };
}
