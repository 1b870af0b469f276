/** A network namespace of the suite's own, in which it may lose packets; and nothing else of the machine is in it. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { lossyHost } from './way.ts';

const mark = 'CONFORMANCE_NETWORK';

/** Of packets that come from or go to the lossy address, so many in a hundred are lost. */
const lostOfHundred = 30;

/** A round trip of 50 ms is made above TCP: its own clock for repeating is set to what it would be with one. */
const repeatMs = 250;

/** Loopback, and an interface: browsers take a machine that has only a loopback for offline. */
export const plainNetwork: readonly string[] = [
  'ip link set lo up',
  'ip link add holdfast0 type veth peer name holdfast1',
  'ip addr add 10.255.77.1/30 dev holdfast0',
  'ip link set holdfast0 up',
  'ip link set holdfast1 up',
];

const setUp = [
  ...plainNetwork,
  `ip route replace local ${lossyHost} dev lo table local proto kernel scope host src 127.0.0.1 rto_min ${repeatMs}ms`,
  'nft add table inet holdfast',
  "nft add chain inet holdfast loss '{ type filter hook input priority 0; }'",
  ...['saddr', 'daddr'].map(
    (end) =>
      `nft add rule inet holdfast loss ip ${end} ${lossyHost} numgen random mod 100 '<' ${lostOfHundred} drop`,
  ),
];

/** Whether this process is in a network of its own. */
export function isInOwnNetwork(): boolean {
  return process.env[mark] === 'own';
}

/** Why rows that need losses cannot play here; undefined: they can. */
export function whyNoLosses(): string | undefined {
  if (isInOwnNetwork()) return undefined;
  const tried = unshare(['sh', '-ec', setUp.join('\n')]);
  if (tried.status === 0) return undefined;
  const said = `${tried.error?.message ?? tried.stderr}`.trim().split('\n').at(-1);
  return `it needs a network namespace, ip and nft (Debian: iproute2, nftables), and root: ${said}`;
}

/**
 * Runs this program once more in a network of its own, to its end; answers with its exit code.
 * @param steps commands that make the network what it should be
 */
export async function runInOwnNetwork(steps: readonly string[] = setUp): Promise<number> {
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const script = [...steps, 'exec "$0" "$@"'].join('\n');
  const child = spawn('unshare', ['--net', 'sh', '-ec', script, ...program], {
    stdio: 'inherit',
    env: { ...process.env, [mark]: 'own' },
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // A terminal tells the whole group.
  process.on('SIGINT', () => {});
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 1)));
  });
}

function unshare(command: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('unshare', ['--net', ...command], { encoding: 'utf8' });
}
