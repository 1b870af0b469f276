import type { Profile, Self } from '@holdfast/core';

/** What a user may say of itself in a profile: there is no audience in communication, and it publishes nothing in live (C-25). */
export function saidIn(profile: Profile, self: Self): Self {
  if (profile === 'communication') return { ...self, role: 'host' };
  return self.role === 'audience' ? { ...self, streams: [] } : self;
}

/** Who sends messages in a profile. */
export function speaksIn(profile: Profile, { role }: Self): boolean {
  return profile === 'communication' || role === 'host';
}
