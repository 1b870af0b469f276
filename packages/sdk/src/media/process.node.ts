/** The media process of a program on Node: it ends with the program, and when the program stands still (C-72). */
import type { MediaNews } from '@holdfast/core';
import { timerAlarm } from '../driver/alarm.ts';
import { Exchange } from './exchange.ts';
import { pathsOf } from './figures.ts';
import { type FromProcess, orphanedMs, type ToProcess } from './said.ts';
import { type Kind, kinds } from './wishes.ts';
import { type Library, Wrtc } from './wrtc.node.ts';

/** How often it looks whether its program is alive, in milliseconds. */
const lookMs = 250;
/** What waits to be taken by the program; more pictures than that are dropped. */
const waitingMax = 8;

let media: ProcessMedia | null = null;
let aliveAt = performance.now();

process.on('message', (message: ToProcess) => {
  aliveAt = performance.now();
  take(message).catch(end);
});
process.on('disconnect', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
setInterval(() => {
  if (performance.now() - aliveAt > orphanedMs) end();
}, lookMs);

/** The library does not survive being cleaned up. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** What comes while the library is loaded waits for it. */
let begun: Promise<ProcessMedia> | null = null;

async function take(message: ToProcess): Promise<void> {
  if (message.type === 'alive') return;
  if (message.type === 'begin') {
    begun = load().then((library) => new ProcessMedia(library, message.connections));
    media = await begun;
    return tell({ type: 'ready' });
  }
  (media ?? (await begun))?.take(message);
}

async function load(): Promise<Library> {
  try {
    const { default: library } = await import('@roamhq/wrtc');
    return library as unknown as Library;
  } catch (error) {
    tell({ type: 'unable', why: `@roamhq/wrtc cannot be loaded: ${error}` });
    throw error;
  }
}

class ProcessMedia {
  readonly #wrtc: Wrtc;
  readonly #exchange: Exchange;
  /** By user and kind. */
  readonly #carried = new Map<string, MediaStreamTrack>();
  readonly #wanted = new Map<number, readonly Kind[]>();
  #waiting = 0;

  constructor(library: Library, connections: number) {
    this.#wrtc = new Wrtc(library);
    this.#exchange = new Exchange({
      host: { now: () => performance.now(), alarm: timerAlarm, random: Math.random },
      connections,
      makePeer: (configuration) => this.#wrtc.peer(configuration),
      signal: (frame) => tell({ type: 'signal', frame }),
      heard: () => tell({ type: 'heard' }),
      flowing: () => {},
      beat: () => this.#beat(),
      refused: (refused) => tell({ type: 'refused', refused }),
    });
  }

  take(message: Exclude<ToProcess, { type: 'begin' | 'alive' }>): void {
    switch (message.type) {
      case 'news':
        return this.#exchange.news(message.frame satisfies MediaNews);
      case 'send': {
        const tracks = Object.fromEntries(message.kinds.map((kind) => [kind, this.#wrtc.track(kind)]));
        if (message.kinds.length > 0) this.#exchange.publish(1, tracks);
        else this.#exchange.unpublish(1);
        return;
      }
      case 'want':
        return this.#want(message);
      case 'still':
        return this.#wrtc.show(message.still);
      case 'sound':
        return this.#wrtc.play(message.sound);
    }
  }

  #want({ uid, kinds: wanted }: Extract<ToProcess, { type: 'want' }>): void {
    for (const kind of kinds) {
      const track = this.#carried.get(`${uid}/${kind}`);
      if (wanted.includes(kind) || track === undefined) continue;
      this.#carried.delete(`${uid}/${kind}`);
      this.#wrtc.listen(track, null);
    }
    this.#wanted.set(uid, wanted);
    if (wanted.length > 0) return this.#subscribe(uid, wanted);
    this.#wanted.delete(uid);
    this.#exchange.unsubscribe(uid, 1);
  }

  #subscribe(uid: number, wanted: readonly Kind[]): void {
    this.#exchange.subscribe({
      ...{ uid, stream: 1, kinds: wanted },
      carry: (kind, track) => this.#carry(uid, kind, track),
    });
  }

  #carry(uid: number, kind: Kind, track: MediaStreamTrack): void {
    const before = this.#carried.get(`${uid}/${kind}`);
    if (before === track) return;
    if (before !== undefined) this.#wrtc.listen(before, null);
    this.#carried.set(`${uid}/${kind}`, track);
    this.#wrtc.listen(track, (what) => {
      if (this.#waiting >= waitingMax && 'still' in what) return;
      this.#waiting += 1;
      const message =
        'still' in what ? { type: 'still' as const, uid, ...what } : { type: 'sound' as const, uid, ...what };
      tell(message, () => {
        this.#waiting -= 1;
      });
    });
  }

  #beat(): void {
    const { flows, reports } = this.#exchange;
    const path = flows === null || reports === null ? null : { flows, ...pathsOf(reports) };
    const arrived = [...this.#wanted].flatMap(([uid, wanted]) =>
      wanted.map((kind) => {
        const track = this.#carried.get(`${uid}/${kind}`);
        const size = track === undefined ? null : this.#wrtc.sizeOf(track);
        return { uid, kind, count: this.#exchange.arrived(uid, 1, kind) || null, size };
      }),
    );
    tell({ type: 'beat', beat: { path, arrived } });
  }
}

function tell(message: FromProcess, taken: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, taken);
}
