/** How each class of client says things: which callbacks, with which arguments, in which order. */
import { apple } from './dialects/apple.ts';
import type { Dialect, Listener } from './dialects/dialect.ts';
import { native } from './dialects/native.ts';
import { web } from './dialects/web.ts';

export type { Call } from './dialects/call.ts';
export type { Dialect, Listener, Stage } from './dialects/dialect.ts';

export type Platform = 'android' | 'windows' | 'linux' | 'ios' | 'macos' | 'web';
export type Class = 'native' | 'apple' | 'web';

/** The platforms that `holdfast join` speaks; rows run for these. */
export const existingPlatforms: readonly Platform[] = [
  ...(['android', 'windows', 'linux', 'ios', 'macos', 'web'] as const),
];

export function classOf(platform: Platform): Class {
  if (platform === 'web') return 'web';
  return platform === 'ios' || platform === 'macos' ? 'apple' : 'native';
}

export function dialectOf(platform: Platform, me: Listener): Dialect {
  return { native, apple, web }[classOf(platform)](me);
}

/** Names that every dialect may say at any time and that say nothing about presence or the connection. */
export const statistics: readonly string[] = [
  ...['onNetworkQuality', 'networkQuality', 'network-quality'],
  ...['onNetworkTypeChanged', 'networkTypeChanged', 'network-type-changed'],
];
