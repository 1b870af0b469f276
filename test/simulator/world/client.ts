import { writeMessage } from '../message.ts';
import {
  type ClientInput,
  type ClientOutput,
  callbackOf,
  decodeServerFrame,
  encodeClientFrame,
  frameText,
  type ProductClient,
  serverOf,
} from '../product.ts';
import type { Recorder } from '../recorder.ts';
import type { Platform } from '../trace.ts';
import type { Connection } from './connection.ts';
import type { Network } from './network.ts';
import type { Path } from './path.ts';
import { Process } from './process.ts';
import { Sendings } from './sendings.ts';
import type { Timeline } from './timeline.ts';

/** A goodbye may take this long (C-14); a while later nothing may be left. */
const remainsAfterMs = 3_000;

export interface ClientPlace {
  readonly timeline: Timeline;
  readonly network: Network;
  readonly recorder: Recorder;
  readonly path: Path;
  readonly platform: Platform;
}

/** One process with one stay: runs the product's client session against the simulated world. */
export class ClientProcess extends Process {
  readonly #place: ClientPlace;
  readonly #session: ProductClient;
  readonly #connections = new Map<number, Connection>();
  readonly #sendings: Sendings;
  #ended = false;
  #said = 0;

  constructor(name: string, place: ClientPlace, session: ProductClient) {
    super(name, place.timeline);
    this.#sendings = new Sendings(name);
    this.#place = place;
    this.#session = session;
  }

  /** The stay is over: left or failed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The app does something, as soon as its process runs. */
  call(input: ClientInput, happened: () => void): void {
    this.arrive(() => {
      happened();
      this.#take(input);
      if (input.type === 'leave') this.#lookForRemains();
    });
  }

  /** The app sends a message of so many bytes, unless its SDK refuses it. */
  say(stream: number, bytes: number): void {
    this.arrive(() => {
      if (this.#ended) return;
      const { recorder, timeline } = this.#place;
      const about = { client: this.name, stream, bytes };
      const why = this.#session.sendRefusal(bytes, this.now());
      if (why !== null) return recorder.fact({ type: 'send-refused', ...about, why });
      this.#said += 1;
      const message = `${this.name}/${this.#said}`;
      recorder.fact({ type: 'send', ...about, message });
      this.#take({ type: 'send', stream, data: writeMessage(message, bytes), sentAt: timeline.now });
    });
  }

  override kill(): void {
    super.kill();
    this.#place.network.killed(this);
  }

  protected stalled(ms: number): void {
    this.#take({ type: 'stalled', ms });
  }

  protected deadline(): number | null {
    return this.#session.deadline()?.at ?? null;
  }

  protected deadlineCame(): void {
    this.#take({ type: 'deadline' });
  }

  protected crashed(error: unknown): void {
    this.#place.recorder.crash(this.name, error);
  }

  #take(input: ClientInput): void {
    const { recorder } = this.#place;
    const what = input.type === 'frame' ? `frame ${input.frame.type}` : input.type;
    recorder.met.add(`client ${this.#session.stateName} × ${what}`);
    if (input.type === 'stalled') recorder.note(this.name, () => `notices a stall of ${input.ms} ms`);
    for (const output of this.#session.handle(input, this.now())) this.#do(output);
  }

  #do(output: ClientOutput): void {
    const { recorder } = this.#place;
    switch (output.type) {
      case 'dial':
        return this.#dial(output.attempt, output.url);
      case 'send':
        recorder.note(this.name, () => `#${output.attempt} sends ${frameText(output.frame)}`);
        if (output.frame.type === 'send') this.#sendings.sent(output.attempt, output.frame);
        this.#connections
          .get(output.attempt)
          ?.sendUp(encodeClientFrame(output.frame), output.frame.type === 'leave');
        return;
      case 'close':
        recorder.note(this.name, () => `#${output.attempt} is closed`);
        this.#connections.get(output.attempt)?.closeByClient(output.code);
        this.#connections.delete(output.attempt);
        return;
      case 'notice': {
        const callback = callbackOf(output.notice, this.#place.platform);
        if (callback !== null) recorder.fact({ type: 'callback', client: this.name, callback });
        if (callback?.name === 'failed') this.#lookForRemains();
        return;
      }
      case 'outage':
        return;
      case 'ended':
        this.#ended = true;
    }
  }

  #dial(attempt: number, url: string): void {
    const { recorder, network, path } = this.#place;
    const name = `${this.name}#${attempt}`;
    const server = serverOf(url);
    recorder.note(this.name, () => `#${attempt} dials ${server}`);
    const ear = {
      opened: () => {
        recorder.note(this.name, () => `#${attempt} is open`);
        this.#take({ type: 'opened', attempt });
      },
      message: (bytes: Uint8Array, _goodbye: boolean, arrived: number) => {
        recorder.fact({ type: 'client-read', client: this.name, server, connection: name, arrived });
        const frame = decodeServerFrame(bytes);
        recorder.note(this.name, () => `#${attempt} reads ${frameText(frame)}`);
        for (const read of this.#sendings.read(attempt, frame)) {
          recorder.fact({ type: 'acknowledged', client: this.name, message: read });
        }
        this.#take({ type: 'frame', attempt, frame });
      },
      closed: (code: number) => {
        recorder.note(this.name, () => `#${attempt} has been closed: ${code}`);
        this.#connections.delete(attempt);
        this.#take({ type: 'closed', attempt, code, text: '' });
      },
    };
    this.#connections.set(attempt, network.dial(this, ear, { name, path, server }));
  }

  /** What is left a while after the end (C-14), unless the process slept through it. */
  #lookForRemains(): void {
    const asked = this.now();
    this.timeline.after(remainsAfterMs, () => {
      if (!this.alive || this.frozen || this.now() - asked < remainsAfterMs - 500) return;
      this.#place.recorder.fact({
        type: 'remains',
        client: this.name,
        timers: this.deadline() === null ? 0 : 1,
        transports: this.#place.network.heldBy(this),
        sessions: this.#ended ? 0 : 1,
      });
    });
  }
}
