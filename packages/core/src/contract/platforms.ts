/** Platforms and their classes (contract, Words). A client names its platform when it joins. */

export const platforms = ['android', 'windows', 'linux', 'ios', 'macos', 'web'] as const;
export type Platform = (typeof platforms)[number];

/** What decides when a user is told about a silence. */
export type ObserverClass = 'native' | 'apple' | 'web';

/** The class of a platform. */
export function classOf(platform: Platform): ObserverClass {
  if (platform === 'web') return 'web';
  return platform === 'ios' || platform === 'macos' ? 'apple' : 'native';
}

export type Role = 'host' | 'audience';
export type Profile = 'communication' | 'live';
