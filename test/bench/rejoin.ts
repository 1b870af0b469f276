/** From a transport that closes to a session that is back, while a live server stands beside the dead one (C-10, C-51). */
import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';
import { type Figures, figure, quantile } from './figures.ts';
import { Served } from './served.ts';

/** Users whose server dies at the same moment at most, where single returns are measured. */
const few = 10;
const restMs = 1_200;
const backWithinMs = 15_000;

interface Pair {
  readonly dev: Served;
  readonly servers: readonly string[];
}

export async function rejoin({ samples, crowd }: { samples: number; crowd: number }): Promise<Figures> {
  const pair = await startPair();
  try {
    const singles = await measure(pair, few, samples);
    const storm = await measure(pair, crowd, crowd / 2);
    return {
      rejoin_p50: figure(quantile(singles.rejoinMs, 0.5), 'ms'),
      rejoin_p99: figure(quantile(singles.rejoinMs, 0.99), 'ms', 150),
      rejoin_max: figure(Math.max(...singles.rejoinMs), 'ms'),
      rejoin_disturbances: figure(singles.disturbances.length, 'callbacks', 0),
      [`rejoin_storm_${crowd}_p50`]: figure(quantile(storm.rejoinMs, 0.5), 'ms'),
      [`rejoin_storm_${crowd}_p99`]: figure(quantile(storm.rejoinMs, 0.99), 'ms'),
      [`rejoin_storm_${crowd}_max`]: figure(Math.max(...storm.rejoinMs), 'ms', 4_000),
      [`rejoin_storm_${crowd}_disturbances`]: figure(storm.disturbances.length, 'callbacks', 0),
    };
  } finally {
    pair.dev.kill();
  }
}

/** Kills the server with more connections, again and again; each time its users move to the other one. */
async function measure({ dev, servers }: Pair, users: number, samples: number) {
  const crowd = await Crowd.gather({ users, perChannel: 10, servers, processes: users > few ? 2 : 1 });
  const rejoinMs: number[] = [];
  const disturbances: string[] = [];
  try {
    await crowd.heard();
    let broken = 0;
    while (broken < samples) {
      // A connection that breaks as soon as it stands is not replaced at once, and rightly so.
      await sleep(restMs);
      const [first = 0, second = 0] = await Promise.all(servers.map(connections));
      const server = first >= second ? 1 : 2;
      broken += await kill(dev, server);
      for (const until = performance.now() + backWithinMs; rejoinMs.length < broken; await sleep(50)) {
        if (performance.now() > until)
          throw new Error(`${broken - rejoinMs.length} users are not back after ${backWithinMs} ms`);
        const heard = await crowd.heard();
        rejoinMs.push(...heard.rejoinMs);
        disturbances.push(...heard.disturbances);
      }
      dev.type(`${server}`);
      await dev.answers(Number(new URL(servers[server - 1] ?? '').port));
    }
  } finally {
    crowd.disperse();
  }
  return { rejoinMs, disturbances };
}

/** Answers with the number of connections that it broke. */
async function kill(dev: Served, server: 1 | 2): Promise<number> {
  const deaths = () => [...dev.said.matchAll(/Server \d is dead; (\d+) connection/g)];
  const before = deaths().length;
  dev.type(`${server}`);
  for (const until = performance.now() + 5_000; performance.now() < until; await sleep(5)) {
    const death = deaths()[before];
    if (death) return Number(death[1]);
  }
  throw new Error(`server ${server} does not die: ${dev.said}`);
}

async function connections(server: string): Promise<number> {
  const text = await (await fetch(`${server.replace('ws', 'http')}/metrics`)).text();
  return Number(/^holdfast_connections (\d+)$/m.exec(text)?.[1]);
}

async function startPair(): Promise<Pair> {
  for (let tries = 0; tries < 10; tries++) {
    const base = 20_000 + 16 * Math.floor(Math.random() * 1_500);
    const dev = new Served(['dev', '--port', `${base}`]);
    const up = await dev.answers(base).then(
      () => dev.child.exitCode === null,
      () => false,
    );
    if (up) return { dev, servers: [base, base + 1].map((port) => `ws://127.0.0.1:${port}`) };
    dev.kill();
  }
  throw new Error('dev does not start');
}
