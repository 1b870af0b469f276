import type { Platform } from '@holdfast/core';
import { appleClient } from './apple.ts';
import type { Dialect } from './client.ts';
import { nativeClient } from './native.ts';

/** Which dialect a platform's programs speak; null: this command does not speak it. */
const dialects: Readonly<Record<Platform, Dialect | null>> = {
  android: nativeClient,
  windows: nativeClient,
  linux: nativeClient,
  ios: appleClient,
  macos: appleClient,
  web: null,
};

/** The dialect of a platform, or null. */
export function dialectOf(platform: Platform): Dialect | null {
  return dialects[platform];
}

/** The platforms that `holdfast join` can be. */
export const spokenPlatforms = (Object.keys(dialects) as Platform[]).filter(
  (platform) => dialects[platform] !== null,
);
