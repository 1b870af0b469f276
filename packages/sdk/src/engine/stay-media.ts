/** The media of one stay of an engine: what goes out, what comes of whom, and what the application is told of it. */
import type { MediaClose, MediaNews, MediaOffer, Member, Notice, Self, Stream } from '@holdfast/core';
import type { Cancel, Host } from '../driver/host.ts';
import type { MediaPath } from '../driver/quality.ts';
import type { Refused } from '../media/exchange.ts';
import type { Beat, Medium, Size, Sound, Still, Studio } from '../media/medium.ts';
import { type RemoteChange, RemoteWatch } from '../media/remote-state.ts';
import { type Kind, kinds } from '../media/wishes.ts';

/** What the application is told of somebody's media as they are received here. */
export type MediaNotice =
  | ({ readonly type: 'remote-media'; readonly uid: number; readonly kind: Kind } & RemoteChange & {
        /** It is the first that comes of this kind since the peer was there. */
        readonly first: boolean;
        readonly size: Size | null;
        /** Since the peer was there. */
        readonly elapsedMs: number;
      })
  | { readonly type: 'no-media'; readonly why: string }
  /** Something will not come, or is passed on to nobody (C-80). */
  | ({ readonly type: 'media-refused' } & Refused);

/** Takes what is received, at once. */
export interface Observers {
  readonly video: ((channel: string, uid: number, still: Still) => void) | null;
  readonly audio: ((channel: string, uid: number, sound: Sound) => void) | null;
}

export interface StayMediaParts {
  readonly channel: string;
  readonly self: Self;
  /** Of somebody else who is there, as last known: its streams; null: it is not known. */
  streamsOf(uid: number): readonly Stream[] | null;
  signal(frame: MediaOffer | MediaClose): void;
  heard(): void;
  tell(notice: MediaNotice): void;
}

/** What the engine's application wants, in or outside a stay. */
export interface Wants {
  sends(kind: Kind): boolean;
  receives(kind: Kind, uid: number): boolean;
  observers(): Observers;
}

/** Opened when something is to be sent or received, and kept until the end of the stay. */
export class StayMedia {
  readonly #host: Host;
  readonly #studio: Studio;
  readonly #wants: Wants;
  readonly #parts: StayMediaParts;
  #self: Self;
  #place: MediaNews | null = null;
  #medium: Medium | null = null;
  #watching: Cancel | null = null;
  #path: MediaPath | null = null;
  readonly #peers = new Map<number, Peer>();
  #closed = false;

  constructor(host: Host, studio: Studio, wants: Wants, parts: StayMediaParts) {
    this.#host = host;
    this.#studio = studio;
    this.#wants = wants;
    this.#parts = parts;
    this.#self = parts.self;
  }

  /** Nothing is told any more (C-14). */
  get closed(): boolean {
    return this.#closed;
  }

  /** How packets travel; null where no media are wanted, or nothing is known yet. */
  get path(): MediaPath | null {
    return this.#path;
  }

  news(frame: MediaNews): void {
    if (frame.type !== 'media-answer') this.#place = frame;
    this.#medium?.news(frame);
  }

  become(self: Self): void {
    this.#self = self;
    this.changed();
  }

  /** Of the others. */
  notice(notice: Notice): void {
    if (this.#closed) return;
    if (notice.type === 'peer-joined') this.#joined(notice.member);
    else if (notice.type === 'peer-offline') this.#offline(notice.member.uid);
    else if (notice.type === 'muted') {
      const remote = this.#peers.get(notice.member.uid)?.[notice.kind];
      if (remote !== undefined) remote.muted = notice.muted;
      this.#look(notice.member.uid);
    }
  }

  give(what: { still: Still } | { sound: Sound }): void {
    if ('still' in what) {
      if (this.#sends('video') && !this.#own?.videoMuted) this.#medium?.still(what.still);
    } else if (this.#sends('audio') && !this.#own?.audioMuted) this.#medium?.sound(what.sound);
  }

  /** What is wanted may be something else. */
  changed(): void {
    if (this.#closed) return;
    const sent = kinds.filter((kind) => this.#sends(kind));
    const wanted = [...this.#peers.keys()].map((uid) => [uid, this.#wanted(uid)] as const);
    if (this.#medium === null && sent.length === 0 && wanted.every(([, some]) => some.length === 0)) return;
    const medium = this.#open();
    medium.send(sent);
    for (const [uid, some] of wanted) {
      medium.want(uid, some);
      this.#look(uid);
    }
  }

  close(): void {
    this.#closed = true;
    this.#path = null;
    this.#watching?.();
    this.#medium?.close();
    this.#medium = null;
  }

  get #own() {
    return this.#self.streams[0];
  }

  #sends(kind: Kind): boolean {
    return this.#wants.sends(kind) && this.#own?.[kind] === true;
  }

  #wanted(uid: number): Kind[] {
    return kinds.filter((kind) => this.#wants.receives(kind, uid));
  }

  #open(): Medium {
    if (this.#medium !== null) return this.#medium;
    const { channel, signal, heard, tell } = this.#parts;
    const observers = () => (this.#closed ? null : this.#wants.observers());
    const medium = this.#studio.open({
      ...{ signal, heard },
      beat: (beat) => this.#beat(beat),
      still: (uid, still) => observers()?.video?.(channel, uid, still),
      sound: (uid, sound) => observers()?.audio?.(channel, uid, sound),
      refused: (refused) => tell({ type: 'media-refused', ...refused }),
      failed: (why) => tell({ type: 'no-media', why }),
    });
    this.#medium = medium;
    if (this.#place !== null) medium.news(this.#place);
    this.#watch();
    return medium;
  }

  // ---- what comes ----------------------------------------------------------------------------------

  #joined({ uid, streams: [stream] }: Member): void {
    const remote = (kind: Kind): Remote => ({
      ...{
        watch: new RemoteWatch(),
        present: true,
        published: stream?.[kind] ?? false,
        begun: false,
        arrived: null,
        size: null,
      },
      muted: stream?.[`${kind}Muted`] ?? false,
    });
    this.#peers.set(uid, { audio: remote('audio'), video: remote('video'), since: this.#host.now() });
    this.changed();
  }

  #offline(uid: number): void {
    const peer = this.#peers.get(uid);
    if (peer === undefined) return;
    for (const kind of kinds) Object.assign(peer[kind], { present: false, arrived: null });
    this.#look(uid);
    this.#peers.delete(uid);
    this.#medium?.want(uid, []);
  }

  #beat({ path, arrived }: Beat): void {
    this.#path = path;
    for (const { uid, kind, count, size } of arrived) {
      const remote = this.#peers.get(uid)?.[kind];
      if (remote === undefined || count === null) continue;
      Object.assign(remote, { arrived: count, size });
      this.#look(uid);
    }
  }

  /** C-72: what does not come any more is told without anybody being declared offline. */
  #watch(): void {
    const alarm = this.#host.alarm(() => {
      for (const uid of this.#peers.keys()) this.#look(uid);
      alarm.set(lookMs);
    });
    alarm.set(lookMs);
    this.#watching = () => alarm.close();
  }

  #look(uid: number): void {
    const peer = this.#peers.get(uid);
    if (peer === undefined || this.#medium === null || this.#closed) return;
    const now = this.#host.now();
    // This class of observers is told of no streams; what is known of them decides all the same.
    const streams = this.#parts.streamsOf(uid);
    for (const kind of kinds) {
      const remote = peer[kind];
      if (streams !== null && remote.present) remote.published = streams[0]?.[kind] ?? false;
      const wanted = this.#wants.receives(kind, uid);
      const change = remote.watch.look({ ...remote, wanted }, now);
      if (change === null) continue;
      const first = change.state === 'decoding' && !remote.begun;
      if (first) remote.begun = true;
      const { size } = remote;
      this.#parts.tell({
        type: 'remote-media',
        uid,
        kind,
        ...change,
        first,
        size,
        elapsedMs: now - peer.since,
      });
    }
  }
}

/** One kind of one user. */
interface Remote {
  readonly watch: RemoteWatch;
  present: boolean;
  published: boolean;
  muted: boolean;
  arrived: number | null;
  size: Size | null;
  /** Something has come. */
  begun: boolean;
}

type Peer = Readonly<Record<Kind, Remote>> & { readonly since: number };

const lookMs = 250;
