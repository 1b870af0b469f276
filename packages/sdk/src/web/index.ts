/**
 * The web dialect for browsers, in the shape of the 2.x and 3.x API. Servers are those of
 * `AgoraRTC.configure({ servers })`.
 */
import { makeAgoraRtc } from './agora.ts';
import type * as shapes from './public.ts';
import { browserWorld } from './world.ts';

const AgoraRTC: shapes.AgoraRtc = makeAgoraRtc(browserWorld());

/** The names under which programs know the types. */
declare namespace AgoraRTC {
  type Client = shapes.WebClient;
  type ClientConfig = shapes.WebClientConfig;
  type Stream = shapes.WebStream;
  type StreamSpec = shapes.WebStreamSpec;
}

export type * from './public.ts';
export default AgoraRTC;
