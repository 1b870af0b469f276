import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../conformance/processes.ts';
import type { FromClients, ToClients } from './media-clients-process.ts';

/** Clients that send and count packets, in a process of their own. */
export class MediaClients {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'media-clients-process.ts'));

  /** @param host the address that they have */
  static async begin(host: string): Promise<MediaClients> {
    const clients = new MediaClients();
    clients.#tell({ type: 'begin', host, port: await freePort() });
    return clients;
  }

  /** A client's offer; in a section named `own` it sends, in the others it receives from the uid that is their name. */
  offer(client: number, sends: boolean, receives: readonly number[]) {
    return this.#ask({ type: 'open', client, sends, receives }, 'offer', client);
  }

  answer(client: number, sdp: string): void {
    this.#tell({ type: 'answer', client, sdp });
  }

  /** The answer of a client that is offered something. */
  async take(client: number, sdp: string): Promise<string> {
    return (await this.#ask({ type: 'take', client, sdp }, 'taken', client)).sdp;
  }

  /** Everybody who sends does, so many packets a second. */
  send(perSecond: number): void {
    this.#tell({ type: 'send', perSecond });
  }

  /** Packets that have come to all of them. */
  async came(): Promise<number> {
    return (await this.#ask({ type: 'tell' }, 'came')).packets;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #ask<Type extends FromClients['type']>(
    question: ToClients,
    type: Type,
    client?: number,
  ): Promise<Extract<FromClients, { type: Type }>> {
    return new Promise((resolve) => {
      const hear = (message: FromClients) => {
        if (message.type !== type || ('client' in message && message.client !== client)) return;
        this.#child.off('message', hear);
        resolve(message as Extract<FromClients, { type: Type }>);
      };
      this.#child.on('message', hear);
      this.#tell(question);
    });
  }

  #tell(message: ToClients): void {
    this.#child.send(message);
  }
}
