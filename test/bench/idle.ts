/** What idle sessions cost a server: heartbeats only, channels of ten. */
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../conformance/processes.ts';
import { Crowd } from './crowd.ts';
import { type Figures, figure } from './figures.ts';
import { Served } from './served.ts';

/** After the last join, until the measurement begins. */
const settleMs = 5_000;

export async function idle({ sessions, seconds }: { sessions: number; seconds: number }): Promise<Figures> {
  if (process.platform !== 'linux')
    throw new Error('the cost of a process is read from /proc, which only Linux has');
  const port = await freePort();
  const server = new Served(['serve', '--port', `${port}`]);
  let crowd: Crowd | undefined;
  try {
    await server.answers(port);
    await sleep(1_000);
    const empty = server.usage();
    crowd = await Crowd.gather({ users: sessions, perChannel: 10, servers: [`ws://127.0.0.1:${port}`] });
    await sleep(settleMs);
    await crowd.heard();
    const begin = server.usage();
    let mostMb = begin.residentMb;
    const beganAt = performance.now();
    while (performance.now() - beganAt < seconds * 1_000) {
      await sleep(500);
      mostMb = Math.max(mostMb, server.usage().residentMb);
    }
    const elapsedSeconds = (performance.now() - beganAt) / 1_000;
    const share = (server.usage().cpuSeconds - begin.cpuSeconds) / elapsedSeconds;
    const { rejoinMs, disturbances, troubles } = await crowd.heard();
    const name = `idle_${sessions}`;
    return {
      [`${name}_cpu`]: figure(share * 100, '% of one core', sessions / 50),
      [`${name}_rss`]: figure(mostMb, 'MB', 100 + sessions / 10),
      [`${name}_rss_per_session`]: figure(((mostMb - empty.residentMb) * 1_024) / sessions, 'kB'),
      [`${name}_disturbances`]: figure(disturbances.length, 'callbacks', 0),
      [`${name}_troubles`]: figure(rejoinMs.length + troubles.length, 'connections'),
    };
  } finally {
    crowd?.disperse();
    server.kill();
  }
}
