/** The native dialect for React Native. The engine listens by itself to where the app is (C-32). */
import { AppState, Platform } from 'react-native';
import { reactNativeHost } from '../driver/host.react-native.ts';
import { makeEngine } from './engine.ts';
import type { IRtcEngine } from './types.ts';

/**
 * A new engine; each call makes one of its own. `createAgoraRtcEngine` and the default export are the same.
 * @throws Error where `crypto.getRandomValues` is missing: import its polyfill first
 */
export function createRtcEngine(): IRtcEngine {
  return makeEngine(reactNativeHost({ AppState, Platform }));
}

export * from './public.ts';
export { createRtcEngine as createAgoraRtcEngine, createRtcEngine as default };
