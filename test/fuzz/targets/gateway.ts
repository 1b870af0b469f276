/** A whole server under a virtual clock, with connections that say anything; when all is over nothing may be left. */
import assert from 'node:assert/strict';
import {
  closeName,
  decodeServerFrame,
  defaultLimits,
  encodeClientFrame,
  type ServerFrame,
} from '@holdfast/core';
import { everything, HoldfastServer, MemoryStore, type SocketEvents } from '@holdfast/server';
import { Choices } from '../choices.ts';
import { clientFrame, type Known } from '../frames.ts';

export async function fuzz(bytes: Uint8Array): Promise<void> {
  const choices = new Choices(bytes);
  const world = new World();
  while (choices.left > 0) {
    const connection = world.connection(choices.byte() % 4);
    const what = choices.pick(['frame', 'frame', 'frame', 'wait', 'bytes', 'text', 'close']);
    if (what === 'frame') connection.events.receive(frameOf(choices, world.known));
    if (what === 'bytes') connection.events.receive(choices.bytes(60));
    if (what === 'text') connection.events.receive(null);
    if (what === 'close') connection.close(choices.pick(['peer', 'unreachable']));
    await world.run(what === 'wait' ? choices.number() % 200_000 : 0);
  }
  await world.end();
}

/** Bytes of a frame; one whose numbers do not fit is none. */
function frameOf(choices: Choices, known: Known): Uint8Array {
  return encodeClientFrame(clientFrame(choices, known));
}

class World {
  now = 0;
  known: Known = {
    ...{ uid: 1, session: '', secret: '', join: 0 },
    position: { incarnation: '', epoch: 1, seq: 0 },
  };
  readonly #server: HoldfastServer;
  readonly #connections = new Map<number, Connection>();
  #ids = 0;

  constructor() {
    const now = () => this.now;
    const id = () => `id-of-some-length-${this.#ids++}`;
    const random = { next: () => 0.5, id };
    const limits = defaultLimits;
    const store = new MemoryStore({ random, now, firstJoin: 0, limits, channelUsers: 100 });
    const nothing = { servers: () => [], report: () => undefined };
    this.#server = new HoldfastServer({
      ...{ id: 's', store, now, ...nothing },
      settings: {
        ...{ limits, appIds: [], servers: () => [], sameUid: 'replace' },
        authenticate: () => everything,
      },
    });
  }

  connection(index: number): Connection {
    const existing = this.#connections.get(index);
    if (existing?.open) return existing;
    const connection = new Connection(this.#server, (frame) => this.#learn(frame));
    this.#connections.set(index, connection);
    return connection;
  }

  #learn(frame: ServerFrame): void {
    if (frame.type !== 'welcome') return;
    const { uid, session, secret, join, position } = frame;
    this.known = { uid, session, secret, join, position };
  }

  /** Lets time pass, from deadline to deadline. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    for (let ticks = 0; ; ticks += 1) {
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
      const at = this.#server.deadline()?.at ?? Number.POSITIVE_INFINITY;
      if (at > end) break;
      assert(ticks < 20_000, 'a deadline stands still');
      this.now = Math.max(this.now, at);
      this.#server.tick();
    }
    this.now = end;
  }

  /** C-80: whoever was here, after the longest limit nothing is left of it, even if it never closes. */
  async end(): Promise<void> {
    await this.run(2 * defaultLimits.sessionKeepMs + 10_000);
    assert.equal(this.#server.connections, 0, 'a connection is left that says nothing');
    assert.equal(this.#server.sessions, 0, 'a session is left');
    assert.equal(this.#server.channels().length, 0, 'a channel is left');
    assert.equal(this.#server.deadline(), null, 'a deadline is left');
  }
}

class Connection {
  open = true;
  readonly events: SocketEvents;

  constructor(server: HoldfastServer, learn: (frame: ServerFrame) => void) {
    const socket = {
      bufferedBytes: 0,
      send: (bytes: Uint8Array, passedOn?: () => void) => {
        assert(this.open, 'it sends on a closed transport');
        learn(decodeServerFrame(bytes));
        passedOn?.();
      },
      close: (code: number) => {
        this.open = false;
        assert.notEqual(closeName(code), 'abnormal', `it closes with ${code}`);
      },
    };
    this.events = server.accept(socket, { address: '10.0.0.1', host: '' });
  }

  close(cause: 'peer' | 'unreachable'): void {
    this.open = false;
    this.events.closed(cause);
  }
}
