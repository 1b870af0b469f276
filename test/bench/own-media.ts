import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromMedia, ToMedia } from '@holdfast/server/internals';
import { freePort } from '../conformance/processes.ts';
import type { MediaServer } from './media.ts';
import type { MediaClients } from './media-clients.ts';

/** A media process of this project, as its server runs it. */
export class OwnMedia implements MediaServer {
  readonly child: ChildProcess = fork(
    join(fileURLToPath(import.meta.resolve('@holdfast/server/package.json')), '../dist/media/worker.js'),
    { serialization: 'advanced' },
  );
  readonly #clients: MediaClients;

  private constructor(clients: MediaClients) {
    this.#clients = clients;
  }

  static async start(host: string, clients: MediaClients): Promise<OwnMedia> {
    const media = new OwnMedia(clients);
    const config = { host, port: await freePort(), publicAddress: null, nack: true, relayedPort: null };
    await media.#ask({ type: 'config', config }, 'ready');
    return media;
  }

  async join(client: number, sends: boolean, receives: readonly number[]): Promise<void> {
    const user = { key: { appId: 'bench', channel: 'room' }, uid: client, join: 1 };
    const own = { id: 1, audio: false, video: true, audioMuted: false, videoMuted: false };
    const { sdp, mids } = await this.#clients.offer(client, sends, receives);
    const others = mids.filter((mid) => mid !== 'own').map((mid) => ({ mid, uid: Number(mid), stream: 1 }));
    const offer = {
      ...({ type: 'media-offer', place: '', connection: 1, revision: 1, sdp } as const),
      ...{ sends: sends ? [{ mid: 'own', stream: 1 }] : [], receives: others },
    };
    this.child.send({ type: 'say', user, streams: sends ? [own] : [] } satisfies ToMedia);
    const { answer } = await this.#ask({ type: 'offer', user, offer }, 'answer');
    this.#clients.answer(client, answer.sdp);
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  #ask<Type extends FromMedia['type']>(
    question: ToMedia,
    type: Type,
  ): Promise<Extract<FromMedia, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const hear = (message: FromMedia) => {
        if (message.type === 'unable') reject(new Error(message.why));
        if (message.type !== type) return;
        this.child.off('message', hear);
        resolve(message as Extract<FromMedia, { type: Type }>);
      };
      this.child.on('message', hear);
      this.child.send(question);
    });
  }
}
