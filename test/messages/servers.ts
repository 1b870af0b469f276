/** The servers of a run, and for each user a way to them that can be cut. */
import { createNetwork } from '@holdfast/server/faults';
import { freePort, ServerProcess, TwoServers } from '../conformance/processes.ts';

export type Cut = 'both' | 'up' | 'down';

/** A network of one user's own. */
export interface Way {
  readonly urls: readonly string[];
  cut(direction: Cut): Promise<void>;
  heal(): Promise<void>;
}

export interface Servers {
  /** What a server knew dies with it. */
  readonly forgetful: boolean;
  way(): Promise<Way>;
  /** `kill -9` of one; `start` brings it back. */
  kill(which: number): Promise<void>;
  start(which: number): Promise<void>;
  readonly count: number;
  close(): void;
}

/** `holdfast serve`: one server, whose memory is all there is. */
export async function oneServer(): Promise<Servers> {
  const server = new ServerProcess(await freePort());
  await server.start();
  const networks: { close(): void }[] = [];
  return {
    forgetful: true,
    count: 1,
    async way() {
      const network = await createNetwork({ deliveriesMax: 1 });
      networks.push(network);
      const port = await network.route({ targetPort: server.port });
      return {
        urls: [`ws://127.0.0.1:${port}`],
        cut: async (direction) => void network.cut(direction === 'both' ? undefined : direction),
        heal: async () => void network.heal(),
      };
    },
    kill: async () => void server.kill(),
    start: async () => void (await server.start()),
    close() {
      server.kill();
      for (const network of networks) network.close();
    },
  };
}

/** `holdfast dev`: two servers over one store, which outlives either. */
export async function twoServers(): Promise<Servers> {
  const pair = new TwoServers(await freePort(devPorts));
  await pair.start();
  const page = `http://127.0.0.1:${pair.port + 2}`;
  const ask = async (path: string, body?: object) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { origin: page, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${page}/dev/${path}`, { method: 'POST', headers, ...json });
    if (!answer.ok) throw new Error(`POST /dev/${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { readonly id: string; readonly urls: readonly string[] };
  };
  return {
    forgetful: false,
    count: 2,
    async way() {
      const { id, urls } = await ask('networks');
      return {
        urls,
        cut: async (direction) => void (await ask(`networks/${id}/cut`, { direction })),
        heal: async () => void (await ask(`networks/${id}/heal`)),
      };
    },
    kill: async (which) => void (await ask(`servers/${which + 1}/kill`)),
    start: async (which) => void (await ask(`servers/${which + 1}/start`)),
    close: () => void pair.kill(),
  };
}

/** `holdfast dev` wants this many ports in a row. */
const devPorts = 16;
