/**
 * The web dialect for Node: a web user without devices and without a page. Its streams are what their
 * specifications say.
 */
import { nodeHost } from '../driver/host.node.ts';
import { rethrow } from '../driver/host.ts';
import { makeAgoraRtc } from './agora.ts';
import { printToConsole } from './log.ts';
import type * as shapes from './public.ts';

const AgoraRTC: shapes.AgoraRtc = makeAgoraRtc({
  host: nodeHost,
  media: null,
  origin: null,
  report: rethrow,
  print: printToConsole,
});

/** The names under which programs know the types. */
declare namespace AgoraRTC {
  type Client = shapes.WebClient;
  type ClientConfig = shapes.WebClientConfig;
  type Stream = shapes.WebStream;
  type StreamSpec = shapes.WebStreamSpec;
}

export type * from './public.ts';
export default AgoraRTC;
