/** The clock of a silence: how long nothing has come through, and what is about to happen. */
import type { TroubleNames } from './client.ts';
import type { Direction, Limits, NetworkState } from './dev-server.ts';
import { el, seconds } from './dom.ts';

export interface Mark {
  readonly atMs: number;
  readonly who: 'you' | 'others';
  readonly what: string;
}

/** What to expect of a silence, counted from its last packet. */
export function marksOf(direction: Direction, limits: Limits, names: TroubleNames): Mark[] {
  // Deaf in one direction only: the server stops sending once it has heard nothing for as long (C-16).
  const delayMs = direction === 'up' ? limits.interruptedMs : 0;
  const own = [
    { atMs: limits.interruptedMs + delayMs, who: 'you', what: names.interrupted },
    { atMs: limits.lostMs + delayMs, who: 'you', what: names.lost },
  ] as const;
  const others = [
    { atMs: limits.streamRemovedMs, who: 'others', what: 'stream-removed (web)' },
    { atMs: limits.peerOfflineMs, who: 'others', what: 'onUserOffline, didOfflineOfUid, peer-leave' },
  ] as const;
  return [...own, ...others]
    .flatMap((mark) => (mark.what === undefined ? [] : [{ ...mark, what: mark.what }]))
    .sort((a, b) => a.atMs - b.atMs);
}

/** The bar ends here; the number goes on. */
const shownMs = 24_000;

export class SilenceClock {
  readonly #place: HTMLElement;
  #running: { readonly zero: number; readonly marks: readonly Mark[]; readonly key: string } | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  /** What the server says of this tab's network. */
  update(network: NetworkState, limits: Limits, names: TroubleNames, joined: boolean): void {
    const { dark, silentMs } = network;
    if (dark === null || !joined) return this.stop();
    const key = `${dark} ${names.othersGone}`;
    if (this.#running?.key === key) return;
    const silent = (dark === 'up' ? silentMs.up : silentMs.down) ?? network.darkMs;
    const marks = marksOf(dark, limits, names);
    this.#running = { zero: performance.now() - silent, marks, key };
    this.#place.replaceChildren(...drawing(marks));
    this.#place.hidden = false;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 100);
    this.#tick();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#running = null;
    this.#place.hidden = true;
  }

  #tick(): void {
    if (this.#running === null) return;
    const silentMs = performance.now() - this.#running.zero;
    const [number, bar] = [...this.#place.querySelectorAll<HTMLElement>('.silence-now, .silence-bar > i')];
    if (number) number.textContent = seconds(silentMs);
    if (bar) bar.style.width = `${Math.min(100, (100 * silentMs) / shownMs)}%`;
    for (const [index, line] of [...this.#place.querySelectorAll('ol > li')].entries())
      line.classList.toggle('past', silentMs >= (this.#running.marks[index]?.atMs ?? Infinity));
  }
}

function drawing(marks: readonly Mark[]): HTMLElement[] {
  const bar = el('div', { class: 'silence-bar', 'aria-hidden': 'true' }, el('i'));
  for (const atMs of new Set(marks.map((mark) => mark.atMs))) {
    const tick = el('span', {}, `${atMs / 1_000} s`);
    tick.style.left = `${(100 * atMs) / shownMs}%`;
    bar.append(tick);
  }
  const lines = marks.map(({ atMs, who, what }) =>
    el('li', { class: who }, el('b', {}, `${atMs / 1_000} s`), el('span', {}, who), el('code', {}, what)),
  );
  return [
    el('p', {}, 'Silence since the last packet: ', el('strong', { class: 'silence-now', role: 'timer' })),
    bar,
    el('ol', {}, ...lines),
  ];
}
