/** A firewall around the media of a server: UDP reaches them from the relays of a TURN server only. */
import { spawnSync } from 'node:child_process';
import { plainNetwork } from '../conformance/own-network.ts';

/** Nobody else is in this network: its ports are free. */
export const ports = { server: 7_880, turn: 3_478, relays: [61_100, 61_199] } as const;

const relays = ports.relays.join('-');
/** The engine's port, and the one for who is relayed by TCP. */
const media = [ports.server, ports.server + 1].join('-');

/** The server's processes have it: what they send to each other goes through no firewall. */
export const serverGroup = 1;

export const walled: readonly string[] = [
  ...plainNetwork,
  'nft add table inet wall',
  "nft add chain inet wall media '{ type filter hook input priority 0; }'",
  "nft add chain inet wall own '{ type filter hook output priority 0; }'",
  `nft add rule inet wall own meta skgid ${serverGroup} meta mark set 1`,
  'nft add rule inet wall media meta mark 1 accept',
  `nft add rule inet wall media udp dport ${media} udp sport ${relays} counter accept`,
  `nft add rule inet wall media udp dport ${media} counter drop`,
];

/** Datagrams that have come to the media so far: from relays, and those that were dropped. */
export function counted(): { readonly relayed: number; readonly dropped: number } {
  const { stdout, stderr } = spawnSync('nft', ['list', 'chain', 'inet', 'wall', 'media'], {
    encoding: 'utf8',
  });
  const [relayed, dropped] = [...stdout.matchAll(/counter packets (\d+)/g)].map(([, number]) =>
    Number(number),
  );
  if (relayed === undefined || dropped === undefined) throw new Error(`nft shows no counters: ${stderr}`);
  return { relayed, dropped };
}
