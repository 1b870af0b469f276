/** What lies between a user and its servers. */
import { createNetwork, type Network } from '@holdfast/server/faults';
import { PacketLog } from './packets.ts';

/** `slow`: a round trip of 300 ms. `lossy`: one of 50 ms on which three packets of ten are lost, in each direction. */
export type NetworkKind = 'slow' | 'lossy';

/** Where the network of the suite's own loses packets: whatever comes from or goes to it. */
export const lossyHost = '127.0.0.2';

const delays: Readonly<Record<NetworkKind, number>> = { slow: 150, lossy: 25 };

export interface Way {
  /** What can be cut. */
  readonly network: Network;
  readonly packets: PacketLog;
  /** What the user is to connect to, in this order. */
  readonly ports: readonly number[];
  close(): void;
}

/** @param knowsDeadServer the first port leads nowhere */
export async function openWay(
  targetPort: number,
  {
    kind,
    knowsDeadServer = false,
  }: { kind?: NetworkKind | undefined; knowsDeadServer?: boolean | undefined },
): Promise<Way> {
  const delayMs = kind === undefined ? 0 : delays[kind];
  const opened: Network[] = [];
  const open = async (...options: Parameters<typeof createNetwork>) => {
    const network = await createNetwork(...options);
    opened.push(network);
    return network;
  };
  // Each end of the lossy part writes down what has come through.
  const far = kind === 'lossy' ? await open({ host: lossyHost, targetHost: '127.0.0.1' }) : undefined;
  const next = far ? await far.route({ targetPort }) : targetPort;
  const network = await open({ delayMs, ...(far && { targetHost: lossyHost }) });
  const ports = [await network.route({ targetPort: next })];
  if (knowsDeadServer) {
    const deadEnd = await open();
    deadEnd.cut();
    ports.unshift(await deadEnd.route({ targetPort }));
  }
  return {
    ...{ network, ports },
    packets: new PacketLog(far ?? network, network),
    close() {
      for (const each of opened) each.close();
    },
  };
}
