/**
 * The ways to and from a server, which can be lost: the kernel drops packets in a network namespace of this command's
 * own, which costs the run nothing while nothing is lost; elsewhere networks in user space go dark.
 */
import { spawnSync } from 'node:child_process';
import { createNetwork } from '@holdfast/server/faults';
import { isInOwnNetwork } from '../conformance/own-network.ts';

/** One way, in both directions. */
export interface Way {
  cut(): void;
  heal(): void;
  close(): void;
}

export interface Ways {
  /** To it from its clients, and where they find it. */
  readonly clients: Way;
  readonly port: number;
  /** From it to Redis, and where it finds it; null: through Sentinel, to one that may be anywhere. */
  readonly redis: Way | null;
  readonly redisUrl: string;
}

/** Addresses at which servers find a Redis that nobody else finds there: what comes from and to them can be dropped. */
export function redisAddresses(servers: number): readonly string[] {
  return Array.from({ length: servers }, (_, index) => `127.0.0.${11 + index}`);
}

/**
 * @param own the server's port
 * @param address where this server alone may find Redis; null: Sentinel tells it where
 */
export async function openWays(own: number, redisUrl: string, address: string | null): Promise<Ways> {
  const clients = await openFront(own);
  if (address === null) return { ...clients, redis: null, redisUrl };
  if (isInOwnNetwork()) {
    const redis = dropping(`redis-${own}`, 'ip', address);
    return { ...clients, redis, redisUrl: redisUrl.replace('127.0.0.1', address) };
  }
  const redis = await createNetwork();
  const [, targetPort = ''] = /:(\d+)/.exec(redisUrl) ?? [];
  const redisPort = await redis.route({ targetPort: Number(targetPort) });
  return { ...clients, redis, redisUrl: redisUrl.replace(targetPort, `${redisPort}`) };
}

async function openFront(own: number): Promise<Pick<Ways, 'clients' | 'port'>> {
  if (isInOwnNetwork()) return { clients: dropping(`clients-${own}`, 'tcp', own), port: own };
  const clients = await createNetwork();
  return { clients, port: await clients.route({ targetPort: own }) };
}

/** Packets from and to a port, or an address, are dropped while it is cut. */
function dropping(table: string, of: 'tcp' | 'ip', what: number | string): Way {
  const [from, to] = of === 'tcp' ? ['sport', 'dport'] : ['saddr', 'daddr'];
  let dark = false;
  const heal = () => {
    if (dark) nft(`delete table inet ${table}`);
    dark = false;
  };
  return {
    cut() {
      dark = true;
      nft(
        `add table inet ${table}; add chain inet ${table} input { type filter hook input priority 0; }; ` +
          [from, to].map((end) => `add rule inet ${table} input ${of} ${end} ${what} drop`).join('; '),
      );
    },
    heal,
    close: heal,
  };
}

function nft(commands: string): void {
  const { status, stderr } = spawnSync('nft', [commands], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`nft ${commands}: ${stderr}`);
}
