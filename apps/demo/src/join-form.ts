/** Who this tab is: chosen before joining, kept when the page is loaded again. */

import type { Platform } from '@holdfast/core';
import { byId, el } from './dom.ts';
import { isPlatform, platforms } from './platforms.ts';

export class JoinForm {
  readonly #form = byId('join', HTMLFormElement);
  readonly #platform = byId('platform', HTMLSelectElement);
  readonly #channel = byId('channel', HTMLInputElement);
  readonly #uid = byId('uid', HTMLInputElement);
  readonly #joinButton = byId('join-button', HTMLButtonElement);
  readonly #leaveButton = byId('leave-button', HTMLButtonElement);
  readonly #asked = new URLSearchParams(location.search);
  #network = '';

  constructor(join: () => void, leave: () => void) {
    this.#platform.append(...platforms.map((name) => el('option', { value: name }, name)));
    this.#uid.value = `${1 + Math.floor(Math.random() * 998)}`;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      join();
    });
    this.#leaveButton.addEventListener('click', leave);
    this.#form.addEventListener('change', () => this.#save());
  }

  get request(): { readonly platform: Platform; readonly channel: string; readonly uid: number } {
    const { value } = this.#platform;
    return {
      platform: isPlatform(value) ? value : 'web',
      channel: this.#channel.value,
      uid: Number(this.#uid.value),
    };
  }

  /** Takes up what the address asks for, or who this tab was before it was loaded again, and answers with its network. */
  restore(): string | null {
    const asked = this.#asked.get('platform');
    if (isPlatform(asked)) this.#platform.value = asked;
    this.#channel.value = this.#asked.get('channel') ?? this.#channel.value;
    this.#uid.value = this.#asked.get('uid') ?? this.#uid.value;
    const kept = wasLoadedAgain() ? sessionStorage.getItem(storageKey) : null;
    if (kept === null) return null;
    const { platform, channel, uid, network } = JSON.parse(kept) as Record<string, string>;
    if (isPlatform(platform ?? null)) this.#platform.value = platform ?? '';
    this.#channel.value = channel ?? this.#channel.value;
    this.#uid.value = uid ?? this.#uid.value;
    return network ?? null;
  }

  remember(network: string): void {
    this.#network = network;
    this.#save();
  }

  /** Joining is possible, and happens if the address asks for it. */
  ready(): void {
    this.#joinButton.disabled = false;
    if (this.#asked.has('join') && !wasLoadedAgain()) this.#form.requestSubmit();
  }

  inside(joined: boolean): void {
    for (const field of [this.#platform, this.#channel, this.#uid]) field.disabled = joined;
    const hadFocus = this.#form.contains(document.activeElement);
    this.#joinButton.hidden = joined;
    this.#leaveButton.hidden = !joined;
    if (hadFocus) (joined ? this.#leaveButton : this.#joinButton).focus();
    this.#save();
  }

  #save(): void {
    const { platform, channel } = this.request;
    const kept = { platform, channel, uid: this.#uid.value, network: this.#network };
    sessionStorage.setItem(storageKey, JSON.stringify(kept));
  }
}

const storageKey = 'holdfast-demo';

/** A duplicated tab has a copy of this tab's storage, but is somebody else. */
function wasLoadedAgain(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'reload';
}
