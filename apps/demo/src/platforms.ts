/** Which dialect a platform's programs speak. */
import type { Platform } from '@holdfast/core';
import { apple } from './apple.ts';
import type { Dialect } from './client.ts';
import { el } from './dom.ts';
import { native } from './native.ts';
import { web } from './web.ts';

/** The first platform is what a page is that says nothing else: one with pictures. */
const dialects: readonly Dialect[] = [web, native, apple];

/** Those that this page can be. */
export const platforms: readonly Platform[] = dialects.flatMap((dialect) => dialect.platforms);

export function isPlatform(name: string | null): name is Platform {
  return platforms.some((platform) => platform === name);
}

export function dialectOf(platform: string): Dialect {
  return dialects.find((dialect) => dialect.platforms.some((each) => each === platform)) ?? native;
}

/** Links that open somebody else: one of each dialect, the others first. */
export function offer(place: HTMLElement, own: string, channel: string): void {
  const chosen = ['web', 'ios', 'android'].sort((a, b) => Number(a === own) - Number(b === own));
  const links = chosen.map((platform) => {
    const query = new URLSearchParams({ platform, channel, join: '' });
    return el('a', { href: `?${query}`, target: '_blank', rel: 'noopener' }, platform);
  });
  place.replaceChildren(...links);
}
