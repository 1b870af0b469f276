/** The network of one server, lost: by the kernel in a network namespace of this command's own, else in user space. */
import { spawnSync } from 'node:child_process';
import { isInOwnNetwork } from '../conformance/own-network.ts';
import type { Place } from './world.ts';

/** @returns what heals it */
export function loseNetwork({ server, front, back, redisPort }: Place): () => void {
  if (!isInOwnNetwork()) {
    for (const network of [front, back]) network.cut();
    return () => {
      for (const network of [front, back]) network.heal();
    };
  }
  // Its clients come to its port, and it goes to Redis by one that nobody else uses.
  const ports = `{ ${server.port}, ${redisPort} }`;
  nft(`add table inet ${table}`);
  nft(`add chain inet ${table} input { type filter hook input priority 0; }`);
  for (const end of ['sport', 'dport']) nft(`add rule inet ${table} input tcp ${end} ${ports} drop`);
  return () => nft(`delete table inet ${table}`);
}

const table = 'failover';

function nft(command: string): void {
  const { status, stderr } = spawnSync('nft', [command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`nft ${command}: ${stderr}`);
}
