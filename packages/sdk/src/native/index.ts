/** The native dialect for browsers and Electron's pages: global `WebSocket`, nothing of Node. */
import { webHost } from '../driver/host.ts';
import { makeEngine } from './engine.ts';
import type { IRtcEngine } from './types.ts';

/**
 * A new engine; each call makes one of its own. `createAgoraRtcEngine` and the default export are the same.
 * @throws Error where `crypto.getRandomValues` is missing
 */
export function createRtcEngine(): IRtcEngine {
  return makeEngine(webHost());
}

export * from './public.ts';
export { createRtcEngine as createAgoraRtcEngine, createRtcEngine as default };
