/**
 * The apple dialect for React Native. The engine listens by itself to where the app is (C-32). Nothing tells of
 * the end of an app here: the server reads the closed connection (C-31).
 */
import { AppState, Platform } from 'react-native';
import { reactNativeHost } from '../driver/host.react-native.ts';
import { unwatched } from './ends.ts';
import { makeKit } from './kit.ts';
import type * as types from './types.ts';

/** The kit; `sharedEngine` throws where `crypto.getRandomValues` is missing: import its polyfill first. */
export const RtcEngineKit: types.RtcEngineKitClass = makeKit(
  () => reactNativeHost({ AppState, Platform }),
  unwatched,
);
export type RtcEngineKit = types.RtcEngineKit;

export * from './public.ts';
