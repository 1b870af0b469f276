/**
 * The apple dialect for browsers and Electron's pages: global `WebSocket`, nothing of Node. Nothing tells of the
 * end of an app here: the server reads the closed connection (C-31).
 */
import { webHost } from '../driver/host.ts';
import { unwatched } from './ends.ts';
import { makeKit } from './kit.ts';
import type * as types from './types.ts';

/** The kit; `sharedEngine` throws where `crypto.getRandomValues` is missing. */
export const RtcEngineKit: types.RtcEngineKitClass = makeKit(webHost, unwatched);
export type RtcEngineKit = types.RtcEngineKit;

export * from './public.ts';
