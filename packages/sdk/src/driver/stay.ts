import {
  type ClientInput,
  type ClientOutput,
  type ClientSession,
  type ConnectionState,
  closeCodes,
  decodeServerFrame,
  encodeClientFrame,
  type Hint,
  type MediaNews,
  type MediaSignal,
  type Notice,
  RunningClock,
  type Self,
  type SendRefusal,
  type ServerFrame,
  stalls,
  subprotocol,
} from '@holdfast/core';
import type { Alarm } from './alarm.ts';
import type { Delivery } from './delivery.ts';
import { abnormal, type Cancel, type Host, type Transport } from './host.ts';
import type { NetworkType } from './network-type.ts';
import type { DatedOutage } from './outages.ts';
import { type MediaPath, type Qualities, QualityWatch } from './quality.ts';

/** What a stay tells its dialect, through the engine's delivery: never inside a call of the application. */
export interface StayListener {
  notice(notice: Notice): void;
  /** The machine is on another kind of network. */
  networkChanged(type: NetworkType): void;
  outage(record: DatedOutage): void;
  /** Every 2 s in the channel, also while it is looked for. */
  quality(qualities: Qualities): void;
  /** At once, and not to the application: where media end, and answers to offers. */
  media?(frame: MediaNews): void;
}

export interface StayParts {
  readonly host: Host;
  readonly delivery: Delivery;
  readonly listener: StayListener;
  /** A fresh one: the stay gives it `start`. */
  readonly session: Pick<ClientSession, 'handle' | 'deadline' | 'sendRefusal' | 'roundTrip'>;
  /** What is known of the way of media at this moment. */
  readonly mediaPath?: () => MediaPath | null;
}

/**
 * Runs one ClientSession in the real world: its transports, its one alarm, its clock. Everything the session
 * wants of the network is done before a call returns; what it tells the application goes through the delivery.
 */
export class Stay {
  readonly #host: Host;
  readonly #delivery: Delivery;
  readonly #listener: StayListener;
  readonly #session: StayParts['session'];
  readonly #clock: RunningClock;
  readonly #transports = new Map<number, Transport>();
  readonly #inputs: ClientInput[] = [];
  readonly #stopHints: Cancel;
  readonly #alarm: Alarm;
  readonly #quality = new QualityWatch();
  readonly #mediaPath: () => MediaPath | null;
  /** Of the last packet, in running time. */
  #heardAt = 0;
  /** In running time. */
  #ringsAt = Number.POSITIVE_INFINITY;
  #state: ConnectionState = 'disconnected';
  #network: NetworkType;
  #judging: Cancel | null = null;
  #stoodMs = 0;
  /** Notices of an earlier era are not delivered any more: the application has left since (C-14). */
  #era = 0;
  #handling = false;
  #ended = false;

  /** Starts the stay at once. */
  constructor({ host, delivery, listener, session, mediaPath }: StayParts) {
    this.#host = host;
    this.#delivery = delivery;
    this.#listener = listener;
    this.#session = session;
    this.#mediaPath = mediaPath ?? (() => null);
    this.#clock = new RunningClock(host.now());
    this.#alarm = host.alarm(() => this.#tick());
    this.#network = host.networkType();
    this.#stopHints = host.hints((hint) => this.#hinted(hint));
    this.#feed({ type: 'start' });
  }

  /** What is true now; it may be ahead of the callback that is being delivered. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Bytes that the connections have been given and have not passed to the system yet. */
  get unsentBytes(): number {
    return [...this.#transports.values()].reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0);
  }

  /** Leaves: from here on nothing is delivered but the leave's own notices; the goodbye takes at most 2 s (C-14). */
  leave(): void {
    this.#era += 1;
    this.#quality.pause();
    this.#feed({ type: 'leave' });
  }

  /** What this user says of itself has changed. */
  update(self: Self): void {
    this.#feed({ type: 'update', self });
  }

  /** Why a message of so many bytes would not be taken now; null: it would. */
  sendRefusal(bytes: number): SendRefusal | null {
    return this.#ended ? 'notJoined' : this.#session.sendRefusal(bytes, this.#read());
  }

  /** Sends a message that is not refused; it is kept until it is acknowledged (C-60). */
  send(stream: number, data: Uint8Array): void {
    this.#feed({ type: 'send', stream, data, sentAt: this.#host.wallClock() });
  }

  /** Says something of media, if there is a connection; at every way back the listener hears where they end. */
  signal(frame: MediaSignal): void {
    this.#feed({ type: 'signal', frame });
  }

  /** Something came on a media path (C-72). */
  mediaHeard(): void {
    this.#feed({ type: 'media-heard' });
  }

  /** The token for every attempt from now on. */
  renew(token: string): void {
    this.#feed({ type: 'renew', token });
  }

  /** The app goes to the background and does not keep its connection there (C-32). */
  suspend(): void {
    this.#quality.pause();
    this.#feed({ type: 'suspend' });
  }

  /** The app is back, or keeps its connection after all (C-32). */
  foreground(): void {
    this.#quality.resume(this.#read());
    this.#feed({ type: 'foreground' });
  }

  // ---- inputs --------------------------------------------------------------------------------------

  /** One input at a time: what arrives while another is being handled waits for its end. */
  #feed(input: ClientInput): void {
    if (this.#ended) return;
    this.#inputs.push(input);
    if (this.#handling) return;
    this.#handling = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        this.#perform(this.#session.handle(next, this.#read()));
      }
    } finally {
      this.#handling = false;
    }
    this.#arm();
  }

  #perform(outputs: readonly ClientOutput[]): void {
    for (const output of leaveLast(outputs)) {
      switch (output.type) {
        case 'dial':
          this.#dial(output.attempt, output.url);
          break;
        case 'send':
          this.#transports.get(output.attempt)?.send(encodeClientFrame(output.frame));
          break;
        case 'close':
          this.#close(output.attempt, output.code);
          break;
        case 'notice':
          this.#notice(output.notice);
          break;
        case 'media':
          this.#listener.media?.(output.frame);
          break;
        case 'outage': {
          const startedAt = Math.round(this.#host.wallClock() - output.record.endedMs);
          this.#delivery.add(() => this.#listener.outage({ ...output.record, startedAt }));
          break;
        }
        case 'ended':
          this.#end();
          break;
      }
    }
  }

  #notice(notice: Notice): void {
    if (notice.type === 'state') this.#state = notice.state;
    if (notice.type === 'joined') this.#quality.begin(this.#read());
    this.#tell(() => this.#listener.notice(notice));
  }

  /** Not once the application has left (C-14). */
  #tell(job: () => void): void {
    const era = this.#era;
    this.#delivery.add(() => {
      if (era === this.#era) job();
    });
  }

  #hinted(hint: Hint): void {
    this.#feed({ type: 'hint', hint });
    const type = this.#host.networkType();
    if (type === this.#network) return;
    this.#network = type;
    this.#tell(() => this.#listener.networkChanged(type));
  }

  // ---- transports ----------------------------------------------------------------------------------

  #dial(attempt: number, url: string): void {
    const transport = this.#host.connect(url, subprotocol, {
      opened: () => this.#feed({ type: 'opened', attempt }),
      received: (bytes) => this.#received(attempt, bytes),
      closed: (code, text) => {
        this.#transports.delete(attempt);
        this.#feed({ type: 'closed', attempt, code, text });
      },
    });
    this.#transports.set(attempt, transport);
  }

  /**
   * A malformed frame ends its connection (C-80). To the session that is a connection that broke, whose stay
   * goes on elsewhere: it was the server, or something on the way, that erred.
   */
  #received(attempt: number, bytes: Uint8Array | null): void {
    let frame: ServerFrame;
    try {
      if (bytes === null) throw new Error('a text message is not a frame');
      frame = decodeServerFrame(bytes);
    } catch (error) {
      this.#close(attempt, closeCodes.protocol.code);
      const text = error instanceof Error ? error.message : closeCodes.protocol.text;
      return this.#feed({ type: 'closed', attempt, code: abnormal, text });
    }
    this.#heardAt = this.#read();
    this.#feed({ type: 'frame', attempt, frame });
  }

  #close(attempt: number, code: number): void {
    const transport = this.#transports.get(attempt);
    this.#transports.delete(attempt);
    transport?.close(code);
  }

  // ---- time ----------------------------------------------------------------------------------------

  /** Running time. A stall is kept until what has been waiting is read (C-3). */
  #read(): number {
    const { now, stalledMs } = this.#clock.read(this.#host.now());
    this.#stoodMs += stalledMs;
    return now;
  }

  /** Sees to it that the earliest deadline and the next tick are not missed. */
  #arm(): void {
    if (this.#ended) return;
    const now = this.#read();
    const due = this.#session.deadline()?.at ?? Number.POSITIVE_INFINITY;
    if (due <= now || this.#stoodMs > 0) this.#judgeSoon();
    const at = Math.min(now + stalls.tickMs, due > now ? due : Number.POSITIVE_INFINITY);
    if (this.#ringsAt <= at) return;
    this.#ringsAt = at;
    // Rounded up: an alarm that rings early would have to be set again.
    this.#alarm.set(Math.ceil(at - now));
  }

  #tick(): void {
    this.#ringsAt = Number.POSITIVE_INFINITY;
    this.#tellQuality();
    this.#arm();
  }

  #tellQuality(): void {
    const now = this.#read();
    const signalling = { roundTrip: this.#session.roundTrip, silentMs: now - this.#heardAt };
    const qualities = this.#quality.look(now, signalling, this.#mediaPath());
    if (qualities !== null) this.#tell(() => this.#listener.quality(qualities));
  }

  #judgeSoon(): void {
    this.#judging ??= this.#host.afterReads(() => this.#judge());
  }

  /** What was waiting has been read: first the stall goes in, then limits are judged (C-3). */
  #judge(): void {
    this.#judging = null;
    const now = this.#read();
    const ms = this.#stoodMs;
    this.#stoodMs = 0;
    if (ms > 0) this.#feed({ type: 'stalled', ms });
    const deadline = this.#session.deadline();
    if (deadline !== null && deadline.at <= now) this.#feed({ type: 'deadline' });
    else this.#arm();
  }

  #end(): void {
    this.#ended = true;
    this.#stopHints();
    this.#alarm.close();
    this.#judging?.();
    for (const attempt of [...this.#transports.keys()]) this.#close(attempt, closeCodes.done.code);
  }
}

/** Nothing follows the leave's own callbacks (C-14): the record of an outage that the leave ends comes before them. */
function leaveLast(outputs: readonly ClientOutput[]): readonly ClientOutput[] {
  const ended = outputs.find((output) => output.type === 'outage' && output.record.end === 'left');
  return ended === undefined ? outputs : [ended, ...outputs.filter((output) => output !== ended)];
}
