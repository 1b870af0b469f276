/** Debian's Janus, which forwards the same packets to the same clients: https://janus.conf.meetecho.com/docs/ */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { freePort } from '../conformance/processes.ts';
import type { MediaServer } from './media.ts';
import type { MediaClients } from './media-clients.ts';

const program = process.env.JANUS ?? '/usr/bin/janus';
const room = 1;
const patienceMs = 10_000;

interface Jsep {
  readonly type: string;
  readonly sdp: string;
}

interface Said {
  readonly janus: string;
  readonly transaction?: string;
  /** The handle that it is about. */
  readonly sender?: number;
  readonly data?: { readonly id: number };
  readonly error?: { readonly reason: string };
  readonly plugindata?: { readonly data: { readonly error?: string } };
  readonly jsep?: Jsep;
}

/** Its plugin `videoroom`, with nothing else loaded. */
export class Janus implements MediaServer {
  readonly child: ChildProcess;
  readonly #folder: string;
  readonly #clients: MediaClients;
  readonly #socket: WebSocket;
  #session = 0;
  #transactions = 0;

  private constructor(child: ChildProcess, folder: string, clients: MediaClients, socket: WebSocket) {
    this.child = child;
    this.#folder = folder;
    this.#clients = clients;
    this.#socket = socket;
  }

  /** @param host an address beyond loopback, of which its ICE makes nothing */
  static async start(host: string, clients: MediaClients): Promise<Janus> {
    if (!existsSync(program))
      throw new Error(
        `there is no Janus at ${program}: apt-get install janus, or say where one is with JANUS`,
      );
    const port = await freePort();
    const folder = configure(host, port);
    const child = spawn(program, ['--configs-folder', folder], { stdio: 'ignore' });
    try {
      const janus = new Janus(child, folder, clients, await dial(port));
      await janus.#begin();
      return janus;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  async join(client: number, sends: boolean, receives: readonly number[]): Promise<void> {
    const handle = await this.#attach();
    if (sends) return this.#publish(handle, client);
    const streams = receives.map((feed) => ({ feed }));
    const { jsep } = await this.#message(handle, { request: 'join', ptype: 'subscriber', room, streams });
    const sdp = await this.#clients.take(client, jsep?.sdp ?? '');
    await this.#message(handle, { request: 'start' }, { type: 'answer', sdp });
  }

  async #publish(handle: number, client: number): Promise<void> {
    const { sdp } = await this.#clients.offer(client, true, []);
    const wish = { request: 'joinandconfigure', ptype: 'publisher', room, id: client };
    // Until it is up nobody can be told of it.
    const isUp = this.#first(({ janus, sender }) => janus === 'webrtcup' && sender === handle);
    const asked = this.#message(handle, wish, { type: 'offer', sdp });
    await Promise.all([isUp, asked.then(({ jsep }) => this.#clients.answer(client, jsep?.sdp ?? ''))]);
  }

  end(): void {
    this.#socket.terminate();
    this.child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true });
  }

  async #begin(): Promise<void> {
    this.#session = (await this.#ask({ janus: 'create' })).data?.id ?? 0;
    const handle = await this.#attach();
    const setUp = { request: 'create', room, publishers: 1_000, videocodec: 'vp8', bitrate: 0 };
    await this.#message(handle, setUp);
  }

  async #attach(): Promise<number> {
    const { data } = await this.#ask({ janus: 'attach', plugin: 'janus.plugin.videoroom' });
    return data?.id ?? 0;
  }

  async #message(handle: number, body: object, jsep?: Jsep): Promise<Said> {
    const said = await this.#ask({ janus: 'message', handle_id: handle, body, jsep });
    const error = said.plugindata?.data.error;
    if (error !== undefined) throw new Error(`Janus: ${error}`);
    return said;
  }

  /** What answers, after any acknowledgement. */
  async #ask(question: object): Promise<Said> {
    this.#transactions += 1;
    const own = `${this.#transactions}`;
    const session = this.#session === 0 ? {} : { session_id: this.#session };
    this.#socket.send(JSON.stringify({ ...question, ...session, transaction: own }));
    const said = await this.#first(({ janus, transaction }) => transaction === own && janus !== 'ack');
    if (said.janus === 'error') throw new Error(`Janus: ${said.error?.reason}`);
    return said;
  }

  #first(is: (said: Said) => boolean): Promise<Said> {
    return new Promise((resolve, reject) => {
      const hear = (data: Buffer) => {
        const said: Said = JSON.parse(data.toString());
        if (is(said)) end(() => resolve(said));
      };
      const late = setTimeout(() => end(() => reject(new Error('Janus says nothing'))), patienceMs);
      const end = (settle: () => void) => {
        clearTimeout(late);
        this.#socket.off('message', hear);
        settle();
      };
      this.#socket.on('message', hear);
    });
  }
}

/** A folder with its settings, and with links to the one plugin and the one transport that it loads. */
function configure(host: string, port: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-janus-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, `${name}.jcfg`), text);
  const lines = ['session_timeout = 0', 'debug_level = 2'];
  for (const [kind, file] of Object.entries(loaded)) {
    const only = join(folder, kind);
    mkdirSync(only);
    if (file !== null) symlinkSync(libraryOf(kind, file), join(only, file));
    lines.push(`${kind}_folder = "${only}"`);
  }
  write(
    'janus',
    `general: {\n${lines.join('\n')}\n}\nmedia: { ipv6 = false }\nnat: { ice_enforce_list = "${host}" }\n`,
  );
  write(
    'janus.transport.websockets',
    `general: { ws = true, ws_ip = "127.0.0.1", ws_port = ${port}, wss = false }\n`,
  );
  write('janus.plugin.videoroom', 'general: {}\n');
  return folder;
}

const loaded = {
  plugins: 'libjanus_videoroom.so',
  transports: 'libjanus_websockets.so',
  events: null,
  loggers: null,
} as const;

/** Debian has libraries in a folder for each kind of processor. */
function libraryOf(kind: string, file: string): string {
  const places = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`)];
  const found = places.map((place) => join(place, 'janus', kind, file)).find(existsSync);
  if (found === undefined) throw new Error(`Janus has no ${file} here`);
  return found;
}

async function dial(port: number): Promise<WebSocket> {
  for (const until = performance.now() + 10_000; performance.now() < until; await sleep(50)) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'janus-protocol');
    const open = await Promise.race([
      once(socket, 'open').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    if (open) return socket;
  }
  throw new Error('Janus does not start');
}
