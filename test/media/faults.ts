import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './call.ts';

/** One way to break a call, and what a viewer may miss by it. */
export interface Fault {
  readonly name: string;
  readonly what: string;
  /** How many servers the call has. */
  readonly servers: number;
  /** Each user begins at a server of its own. */
  readonly spread?: boolean;
  /** It happens to a page. */
  readonly needsPage?: true;
  /** Breaks the call; when it returns, time may begin to be waited for. */
  readonly happens: (call: Call) => Promise<void>;
  /** How long after it everything must be well again, in milliseconds. */
  readonly withinMs: number;
  readonly goals: { readonly p50Ms: number | null; readonly p95Ms: number | null };
}

const none = { p50Ms: null, p95Ms: null };

export const faults: readonly Fault[] = [
  {
    name: 'engine-crash',
    what: 'kill -9 of the media process',
    servers: 1,
    withinMs: 5_000,
    goals: { p50Ms: 500, p95Ms: 900 },
    async happens(call) {
      const [atWork] = (await call.servers[0]?.mediaPids()) ?? [];
      if (atWork === undefined) throw new Error('there is no media process to kill');
      process.kill(atWork, 'SIGKILL');
    },
  },
  {
    name: 'engine-frozen',
    what: 'SIGSTOP of the media process',
    servers: 1,
    withinMs: 8_000,
    goals: { p50Ms: 3_500, p95Ms: 3_500 },
    async happens(call) {
      const [atWork] = (await call.servers[0]?.mediaPids()) ?? [];
      if (atWork === undefined) throw new Error('there is no media process to stop');
      process.kill(atWork, 'SIGSTOP');
    },
  },
  {
    name: 'server-killed',
    what: 'kill -9 of the server, another one beside it',
    servers: 2,
    withinMs: 6_000,
    goals: { p50Ms: 500, p95Ms: 900 },
    async happens(call) {
      call.servers[0]?.kill();
    },
  },
  {
    name: 'server-frozen',
    what: 'SIGSTOP of the server and its media process, another one beside it',
    servers: 2,
    withinMs: 10_000,
    goals: { p50Ms: 3_500, p95Ms: 3_500 },
    async happens(call) {
      const [server] = call.servers;
      for (const pid of (await server?.mediaPids()) ?? []) process.kill(pid, 'SIGSTOP');
      server?.kill('SIGSTOP');
    },
  },
  {
    name: 'drain',
    what: 'SIGTERM of the server, which sends everybody to the other one',
    servers: 2,
    withinMs: 6_000,
    goals: { p50Ms: 100, p95Ms: null },
    async happens(call) {
      call.servers[0]?.kill('SIGTERM');
    },
  },
  {
    name: 'apart-killed',
    what: 'kill -9 of one of two servers, with a user on each',
    servers: 2,
    spread: true,
    withinMs: 8_000,
    goals: { p50Ms: 500, p95Ms: 900 },
    async happens(call) {
      call.servers[0]?.kill();
    },
  },
  {
    name: 'page-reloaded',
    needsPage: true,
    what: 'the page of one of them is loaded again and joins again',
    servers: 1,
    withinMs: 8_000,
    goals: none,
    async happens(call) {
      await call.reload(1);
    },
  },
  {
    name: 'udp-blocked',
    what: 'nothing passes the UDP port for 8 s, while signalling lives; the gap is beyond those 8 s',
    servers: 1,
    withinMs: 8_000,
    goals: none,
    async happens(call) {
      call.blockUdp(true);
      await sleep(8_000);
      call.blockUdp(false);
    },
  },
];
