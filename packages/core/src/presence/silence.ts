import type { Limits } from '../contract/index.ts';
import type { Passed } from './member.ts';

/** The limit behind each thing that a silence can pass. */
export const limitOf = {
  streamRemoved: 'streamRemovedMs',
  peerOffline: 'peerOfflineMs',
  peerLeave: 'peerLeaveMs',
  channelDestroy: 'channelDestroyMs',
} as const satisfies Record<keyof Passed, keyof Limits>;

export const passable = ['streamRemoved', 'peerOffline', 'peerLeave', 'channelDestroy'] as const;

/** What a silence of `silentMs` has passed, besides what it had passed before (C-2). */
export function passedAfter(silentMs: number, limits: Limits, before: Passed): Passed {
  const passed: { -readonly [Name in keyof Passed]: boolean } = { ...before };
  for (const name of passable) {
    const limit = limits[limitOf[name]];
    if (limit !== null && silentMs >= limit) passed[name] = true;
  }
  return passed;
}
