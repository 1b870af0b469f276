/** The apple dialect for Node and Electron. The end of the process is a leave (C-31). */
import { nodeHost } from '../driver/host.node.ts';
import { makeKit } from './kit.ts';
import { watchProcessEnd } from './process-end.node.ts';
import type * as types from './types.ts';

/** The kit: `RtcEngineKit.sharedEngine(config, delegate)`. */
export const RtcEngineKit: types.RtcEngineKitClass = makeKit(nodeHost, watchProcessEnd);
export type RtcEngineKit = types.RtcEngineKit;

export * from './public.ts';
