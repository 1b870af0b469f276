/** The native dialect for Node and Electron. */
import { nodeHost } from '../driver/host.node.ts';
import { nodeStudio } from '../media/medium.node.ts';
import { makeEngine } from './engine.ts';
import type { IRtcEngine } from './types.ts';

/** A new engine; each call makes one of its own. `createAgoraRtcEngine` and the default export are the same. */
export function createRtcEngine(): IRtcEngine {
  return makeEngine(nodeHost(), nodeStudio());
}

export { type FileSource, type FileSourceOptions, sendFile } from './file-source.node.ts';
export * from './public.ts';
export { createRtcEngine as createAgoraRtcEngine, createRtcEngine as default };
