/** One user of a crowd: the SDK's own session machine over a real socket. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import {
  type ClientInput,
  type ClientOutput,
  ClientSession,
  decodeServerFrame,
  encodeClientFrame,
  type Platform,
  type ServerFrame,
  subprotocol,
} from '@holdfast/core';
import WebSocket from 'ws';
import { Silences } from './silences.ts';

/** What an app was told, and of whom. */
export interface Told {
  readonly type: string;
  readonly uid: number;
}

/** What the users of one process have in common. */
export interface Crowding {
  /** Running time in milliseconds. */
  now(): number;
  dialled(): void;
  opened(): void;
  came(frame: ServerFrame): void;
  /** In, for the first time or again. */
  arrived(): void;
  told(told: Told): void;
}

interface Transport {
  send(bytes: Uint8Array): void;
  end(): void;
}

const perChannel = 10;
const platforms: readonly Platform[] = ['linux', 'web', 'ios', 'android'];

export class User {
  readonly uid: number;
  /** When nothing has left it. */
  readonly silences = new Silences();
  due = Number.POSITIVE_INFINITY;
  readonly #session: ClientSession;
  readonly #transports = new Map<number, Transport>();
  readonly #crowd: Crowding;
  readonly #joined: () => void;

  /** @param joined is called when it is in for the first time */
  constructor(uid: number, servers: readonly string[], crowd: Crowding, joined: () => void) {
    const platform = platforms[uid % platforms.length] ?? 'linux';
    const stream = { id: 1, audio: true, video: false, audioMuted: false, videoMuted: false };
    this.uid = uid;
    this.#crowd = crowd;
    this.#joined = joined;
    this.#session = new ClientSession(
      {
        ...{ appId: 'storm', channel: `c${Math.floor(uid / perChannel)}`, token: '', uid, account: '' },
        ...{ platform, profile: 'communication', self: { role: 'host', streams: [stream] } },
        ...{ servers, limits: {}, sdk: 'storm' },
      },
      { next: Math.random, id: () => randomBytes(16).toString('hex') },
    );
  }

  get linked(): boolean {
    return this.#session.stateName === 'inside:linked';
  }

  take(input: ClientInput, now: number): void {
    for (const output of this.#session.handle(input, now)) this.#do(output);
    this.due = this.#session.deadline()?.at ?? Number.POSITIVE_INFINITY;
  }

  #do(output: ClientOutput): void {
    if (output.type === 'dial') this.#dial(output.attempt, output.url);
    else if (output.type === 'send') {
      this.silences.ended();
      this.#transports.get(output.attempt)?.send(encodeClientFrame(output.frame));
    } else if (output.type === 'close') this.#close(output.attempt);
    else if (output.type === 'outage') this.#crowd.arrived();
    else if (output.type === 'notice') {
      const { notice } = output;
      if (notice.type === 'joined') {
        this.#crowd.arrived();
        this.#joined();
      } else {
        const uid = 'member' in notice ? notice.member.uid : this.uid;
        this.#crowd.told({ type: notice.type, uid });
      }
    }
  }

  #dial(attempt: number, url: string): void {
    this.#crowd.dialled();
    this.silences.ended();
    const { hostname, port } = new URL(url);
    const stream = connect({ host: hostname, port: Number(port), noDelay: true });
    const transport: Transport = { send: () => {}, end: () => stream.destroy() };
    this.#transports.set(attempt, transport);
    const feed = (input: ClientInput) => {
      if (this.#transports.get(attempt) === transport) this.take(input, this.#crowd.now());
    };
    const closed = (code: number) => {
      feed({ type: 'closed', attempt, code, text: '' });
      if (this.#transports.get(attempt) === transport) this.#transports.delete(attempt);
    };
    const refused = () => closed(1_006);
    stream.on('error', () => {});
    stream.once('close', refused);
    stream.once('connect', () => {
      stream.off('close', refused);
      // Not before: very many dials are refused here, and a request for each would cost more than all else.
      const options = { perMessageDeflate: false, createConnection: () => stream };
      const socket = new WebSocket(url, [subprotocol], options);
      transport.send = (bytes) => socket.send(bytes);
      transport.end = () => socket.terminate();
      socket.on('open', () => {
        this.#crowd.opened();
        feed({ type: 'opened', attempt });
      });
      socket.on('message', (bytes: Buffer) => {
        const frame = decodeServerFrame(bytes);
        this.#crowd.came(frame);
        feed({ type: 'frame', attempt, frame });
      });
      socket.on('error', () => {});
      socket.on('close', closed);
    });
  }

  #close(attempt: number): void {
    const transport = this.#transports.get(attempt);
    this.#transports.delete(attempt);
    transport?.end();
  }
}

/** What an app is told of its own connection. */
export const own = ['state', 'interrupted', 'lost', 'rejoined', 'failed'];
