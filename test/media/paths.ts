/** What somebody sees behind a bad path, while others see everything: three programs on Node, one of them far away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figures, figure } from '../bench/figures.ts';
import { freePort } from '../conformance/processes.ts';
import { CallServer } from './call-server.ts';
import { longestGap } from './caller.ts';
import { NodeCaller } from './node-caller.ts';
import { relayHost, ViewerNetwork } from './viewer-network.ts';

export interface Path {
  readonly name: string;
  readonly what: string;
  /** Makes the path what it is, once everybody sees everybody. */
  readonly becomes: (network: ViewerNetwork) => void;
  /** A round trip takes so much longer from the beginning, in milliseconds. */
  readonly delayMs?: number;
  /** Of the server, as variables of its environment. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How the path is measured: for how long, from how long after it became bad. */
  readonly settleMs?: number;
  readonly seconds?: number;
}

export const paths: readonly Path[] = [
  { name: 'path-good', what: 'nothing is lost', becomes: () => {} },
  { name: 'path-loss-5', what: '5 % of UDP is lost, each way', becomes: (network) => network.lose(5) },
  { name: 'path-loss-15', what: '15 % of UDP is lost, each way', becomes: (network) => network.lose(15) },
  {
    name: 'path-loss-5-no-nack',
    what: '5 % of UDP is lost each way; nothing is sent again, a loss is answered by a key frame',
    becomes: (network) => network.lose(5),
    settings: { HOLDFAST_MEDIA_NACK: 'false' },
  },
  {
    name: 'path-loss-15-no-nack',
    what: '15 % of UDP is lost each way; nothing is sent again, a loss is answered by a key frame',
    becomes: (network) => network.lose(15),
    settings: { HOLDFAST_MEDIA_NACK: 'false' },
  },
  { name: 'path-long', what: 'a round trip of 300 ms', becomes: () => {}, delayMs: 300 },
  { name: 'path-500k', what: '500 kbit/s down', becomes: (network) => network.narrow(500), settleMs: 5_000 },
  { name: 'path-100k', what: '100 kbit/s down', becomes: (network) => network.narrow(100), settleMs: 5_000 },
  {
    name: 'address-changed',
    what: 'the address of the machine changes',
    becomes: (network) => network.move(),
    settleMs: 0,
  },
];

/** A picture that comes so late after the one before is a freeze, in milliseconds. */
const freezeMs = 500;

/** Figures of the viewer behind the path, and of one beside the sender. What the applications are told is a failure. */
export async function watch(path: Path, fail: (text: string) => void): Promise<Figures> {
  const { settleMs = 2_000, seconds = 10, delayMs = 0, settings = {} } = path;
  const network = new ViewerNetwork();
  let server: CallServer | undefined;
  const callers: NodeCaller[] = [];
  try {
    const port = await freePort();
    if (delayMs > 0) await network.delay(port, delayMs / 2);
    server = await CallServer.start(null, network.host, {
      HOLDFAST_INSECURE: 'true',
      ...settings,
      HOLDFAST_MEDIA_PORT: `${port}`,
      ...(delayMs > 0 && { HOLDFAST_MEDIA_PUBLIC_ADDRESS: relayHost }),
    });
    const place = { servers: [server.url], channel: 'call' };
    const sender = new NodeCaller({ ...place, uid: 1 });
    const near = new NodeCaller({ ...place, uid: 2, sends: false });
    const far = new NodeCaller({ ...place, uid: 3, sends: false, within: network.within });
    callers.push(sender, near, far);
    await Promise.all([near.sees(1, 10, 30_000), far.sees(1, 10, 30_000)]);
    const before = await told(callers);
    const at = Date.now();
    path.becomes(network);
    await sleep(settleMs);
    const from = Date.now();
    await sleep(seconds * 1_000);
    const to = Date.now();
    const after = await told(callers);
    if (JSON.stringify(after) !== JSON.stringify(before))
      fail(`${path.name}: an application was told: ${JSON.stringify(after)}`);
    const there = await far.heard();
    const pictures = (there.pictures[1] ?? []).filter((time) => time >= from && time <= to);
    const others = (await near.shown(1)).filter((time) => time >= from && time <= to);
    const bounds = [from, ...pictures, to];
    const freezes = bounds.slice(1).filter((time, index) => time - (bounds[index] ?? time) > freezeMs);
    return {
      [`${path.name}: pictures a second`]: figure(pictures.length / seconds, '1/s'),
      [`${path.name}: freezes of ${freezeMs} ms`]: figure(freezes.length, ''),
      [`${path.name}: longest gap`]: figure(longestGap(there.pictures[1] ?? [], at, to), 'ms'),
      [`${path.name}: pictures a second at another viewer`]: figure(others.length / seconds, '1/s'),
    };
  } finally {
    for (const caller of callers) caller.kill();
    server?.kill();
    network.end();
  }
}

async function told(callers: readonly NodeCaller[]) {
  return Promise.all(callers.map(async (caller) => (await caller.told()).map(([, ...what]) => what)));
}
