/** What `holdfast dev` prints: what there is, what happened, and what should now be seen. */
import type { Settings } from '../../config/index.ts';
import type { CutDirection } from './tab-networks.ts';
import {
  type DevWorld,
  host,
  type NetworkName,
  networkNames,
  type portsOf,
  type ServerNumber,
  serverNumbers,
} from './world.ts';

type Ports = ReturnType<typeof portsOf>;
type Limits = Settings['limits'];

export function welcome(ports: Ports): string {
  const servers = serverNumbers.map(
    (number) =>
      `  server ${number}    ws://127.0.0.1:${ports.servers[number]}   ${restAddress(ports, number)}`,
  );
  const networks = networkNames.map((name) => {
    const [one, two] = ports.networks[name];
    return `  network ${name}   ws://127.0.0.1:${one}   ws://127.0.0.1:${two}`;
  });
  return `Holdfast: open this page in two tabs

  page        http://${host}:${ports.page}

Behind it are two servers, and networks that lead to both of them:

${[...servers, ...networks].join('\n')}

Instead of tabs, or beside them, there are terminals; paste one of these lines into each, in this folder:

  ${joinLine(ports, 'A', 1)}
  ${joinLine(ports, 'B', 2)}

Then press a key here${process.stdin.isTTY ? '' : ' and Enter'}:

  a b c   cut a network, or heal it
  1 2     kill a server, or start it again
  d       drain the first server: its users move to the other one, then it ends
  q       quit
`;
}

export function networkCut(name: NetworkName, limits: Limits): string {
  const { interruptedMs, lostMs, peerOfflineMs } = limits;
  return [
    `Network ${name} is dark. Counted from the last packet, if it stays so:`,
    `  ${at(interruptedMs)}  users of ${name}  onConnectionInterrupted`,
    `  ${at(lostMs)}  users of ${name}  onConnectionLost`,
    `  ${at(peerOfflineMs)}  the others  onUserOffline (1, dropped)`,
  ].join('\n');
}

export function networkHealed(name: NetworkName, darkMs: number, limits: Limits): string {
  const own =
    darkMs < limits.interruptedMs - limits.heartbeatMs
      ? 'nothing: nobody had been told'
      : 'onRejoinChannelSuccess (didRejoinChannel), within 1.5 s';
  const others =
    darkMs < limits.peerOfflineMs - limits.heartbeatMs ? 'nothing: they had not been told' : 'onUserJoined';
  return [
    `Network ${name} is back after ${(darkMs / 1_000).toFixed(1)} s.`,
    `  users of ${name}  ${own}`,
    `  the others  ${others}`,
  ].join('\n');
}

export function tabCut(id: string, direction: CutDirection): string {
  const what = {
    both: 'is dark',
    up: 'delivers nothing to the servers',
    down: 'delivers nothing to the tab',
  };
  return `The network of tab ${id} ${what[direction]}.`;
}

export function tabHealed(id: string, darkMs: number): string {
  return `The network of tab ${id} is back after ${(darkMs / 1_000).toFixed(1)} s.`;
}

/** Kills the server and says what that means. */
export async function serverKilledBy(world: DevWorld, number: ServerNumber): Promise<string> {
  const connections = await world.killServer(number);
  const survivors = serverNumbers.filter((each) => world.runs(each)).length;
  return serverKilled(number, connections, survivors, world.limits);
}

export function serverKilled(
  number: ServerNumber,
  connections: number,
  survivors: number,
  limits: Limits,
): string {
  const broke = `Server ${number} is dead; ${connections} connection${connections === 1 ? '' : 's'} broke.`;
  if (survivors > 0) return `${broke}\n  everybody   nothing: sessions go on at the other server`;
  return [
    `${broke} No server is left:`,
    `  ${at(limits.interruptedMs)}  everybody   onConnectionInterrupted`,
    `  ${at(limits.lostMs)}  everybody   onConnectionLost`,
  ].join('\n');
}

/** Drains the server and says so when it begins and when it is done. */
export function drainServer(world: DevWorld, number: ServerNumber, say: (text: string) => void): void {
  const others = serverNumbers.filter((each) => each !== number && world.runs(each));
  if (others.length === 0)
    return say(`Server ${number} is the only one: nobody could move. Start the other one first.`);
  say(`Server ${number} drains: its users move to server ${others[0]}.\n  everybody   nothing`);
  void world.drainServer(number).then((moved) => {
    say(`Server ${number} has ended in good order; it had ${moved} connection${moved === 1 ? '' : 's'}.`);
  });
}

export const noServer = 'No server runs: 1 or 2 starts one.';

export function serverStarted(number: ServerNumber, ports: Ports): string {
  return `Server ${number} is back at ws://127.0.0.1:${ports.servers[number]}.\n  everybody   nothing: sessions stay where they are`;
}

export function unknownKey(text: string): string {
  return `There is no ${JSON.stringify(text)}: a, b, c cut or heal a network, 1, 2 kill or start a server, d drains one, q quits.`;
}

function at(ms: number): string {
  return `at ${(ms / 1_000).toString().padStart(3)} s`;
}

function joinLine(ports: Ports, name: NetworkName, uid: number): string {
  return `npx holdfast join demo --server ws://127.0.0.1:${ports.networks[name][0]} --uid ${uid} --platform linux`;
}

function restAddress(ports: Ports, number: ServerNumber): string {
  return `http://127.0.0.1:${ports.servers[number]}/v1/channels`;
}
