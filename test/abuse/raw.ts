/** A connection that speaks the protocol without an SDK: it can be told to do what no SDK does. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClientFrame,
  type Credentials,
  closeName,
  decodeServerFrame,
  encodeClientFrame,
  type Join,
  type Resume,
  type ServerFrame,
  subprotocol,
  type Welcome,
} from '@holdfast/core';
import { WebSocket } from 'ws';

export interface Stay {
  readonly appId: string;
  readonly channel: string;
  readonly uid: number;
  readonly token: string;
}

export class Raw {
  readonly ws: WebSocket;
  readonly received: ServerFrame[] = [];
  /** Answers heartbeats, as every honest client does. */
  answering = true;
  /** What a frame is handed to besides. */
  heard: (frame: ServerFrame) => void = () => {};
  /** With which close code, by name; or that there was none. */
  ended: string | null = null;

  /** @param from the source address: any of the loopback range */
  constructor(url: string, from = '127.0.0.1', offered: readonly string[] = [subprotocol]) {
    this.ws = new WebSocket(url, [...offered], { localAddress: from, perMessageDeflate: false });
    this.ws.on('error', () => {});
    this.ws.on('unexpected-response', (request, response) => {
      this.ended ??= `HTTP ${response.statusCode}`;
      request.destroy();
    });
    this.ws.on('close', (code) => {
      this.ended ??= code === 1006 ? 'cut' : closeName(code);
    });
    this.ws.on('message', (data: Buffer) => this.#receive(decodeServerFrame(data)));
  }

  /** Resolves when it is open, or will never be. */
  async opened(): Promise<boolean> {
    if (this.ws.readyState === WebSocket.CONNECTING)
      await Promise.race([once(this.ws, 'open'), once(this.ws, 'close')]).catch(() => {});
    return this.open;
  }

  get open(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  /** With what it is ended, once that is known. */
  async ending(): Promise<string> {
    if (this.ended === null) await Promise.race([once(this.ws, 'close'), sleep(3_000)]);
    return this.ended ?? 'nothing';
  }

  send(frame: ClientFrame): void {
    this.bytes(encodeClientFrame(frame));
  }

  bytes(data: Uint8Array | string): void {
    if (this.open) this.ws.send(data);
  }

  /** The first frame of a kind that comes within a time, or has come. */
  async first<Type extends ServerFrame['type']>(
    type: Type,
    withinMs = 10_000,
  ): Promise<Extract<ServerFrame, { type: Type }> | null> {
    const is = (frame: ServerFrame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type;
    for (const until = performance.now() + withinMs; performance.now() < until; ) {
      const found = this.received.find(is);
      if (found || this.ended !== null) return found ?? null;
      await sleep(5);
    }
    return null;
  }

  close(): void {
    this.ws.terminate();
  }

  #receive(frame: ServerFrame): void {
    if (frame.type !== 'entries' && frame.type !== 'heartbeat') this.received.push(frame);
    if (frame.type === 'heartbeat' && frame.id !== 0 && this.answering)
      this.send({ type: 'heartbeat', id: 0, answer: frame.id });
    this.heard(frame);
  }
}

const self = {
  role: 'host',
  streams: [{ id: 1, audio: true, video: true, audioMuted: false, videoMuted: false }],
} as const;

export function credentialsOf({ appId, channel, token }: Stay): Credentials {
  return { minor: 0, sdk: 'raw', appId, channel, token };
}

export function joinOf(stay: Stay, change: Partial<Join> = {}): Join {
  return {
    ...{ type: 'join', credentials: credentialsOf(stay), uid: stay.uid, account: '', platform: 'linux' },
    ...{ profile: 'communication', self, rejoin: null, nonce: `nonce-${Math.random()}`.padEnd(20, '0') },
    attempt: 1,
    ...change,
  };
}

export function resumeOf(stay: Stay, welcome: Welcome, change: Partial<Resume> = {}): Resume {
  const { uid, session, secret, join, position } = welcome;
  return {
    ...{ type: 'resume', credentials: credentialsOf(stay), uid, session, secret, join, position, self },
    ...{ attempt: 2, standby: false, outage: '', account: '', silentMs: 0, ...change },
  };
}

/** Joins; null: it was not let in. */
export async function joined(
  url: string,
  stay: Stay,
  from?: string,
): Promise<{ raw: Raw; welcome: Welcome } | null> {
  const raw = new Raw(url, from);
  if (!(await raw.opened())) return null;
  raw.send(joinOf(stay));
  const welcome = await raw.first('welcome');
  return welcome === null ? null : { raw, welcome };
}
