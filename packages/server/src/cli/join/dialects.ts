import type { Platform } from '@holdfast/core';
import { appleClient } from './apple.ts';
import type { Dialect } from './client.ts';
import { nativeClient } from './native.ts';
import { webClient } from './web.ts';

const dialects: Readonly<Record<Platform, Dialect>> = {
  android: nativeClient,
  windows: nativeClient,
  linux: nativeClient,
  ios: appleClient,
  macos: appleClient,
  web: webClient,
};

/** The dialect that a platform's programs speak. */
export function dialectOf(platform: Platform): Dialect {
  return dialects[platform];
}
