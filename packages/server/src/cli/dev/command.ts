import { Command } from 'commander';
import { createHttp, listen } from '../../process/http.ts';
import { createLog, endOnSignals, endOnSurprise, ListenError } from '../../process/index.ts';
import { fail } from '../failure.ts';
import { addControl } from './control.ts';
import { onKeys } from './keys.ts';
import { addPage } from './page.ts';
import {
  drainServer,
  networkCut,
  networkHealed,
  noServer,
  serverKilledBy,
  serverStarted,
  unknownKey,
  welcome,
} from './story.ts';
import {
  DevWorld,
  host,
  lastPort,
  type NetworkName,
  networkNames,
  type ServerNumber,
  serverNumbers,
} from './world.ts';

/** `holdfast dev`: everything a newcomer needs to see it work, on one machine, without configuration. */
export function devCommand(): Command {
  return new Command('dev')
    .description('runs two servers, networks that can be cut, and a page to try things out')
    .option('--port <number>', `first of ${lastPort + 1} ports to use`, '7880')
    .action(async ({ port }: { port: string }) => dev(basePort(port)));
}

async function dev(base: number): Promise<void> {
  const log = createLog('warn', 2);
  endOnSurprise(log);
  const world = new DevWorld(base, log);
  const inTurn = queue();
  const http = createHttp();
  addPage(http);
  addControl(http, { world, say, inTurn });
  try {
    await world.open();
    await listen(http, host, world.ports.page);
  } catch (error) {
    fail(1, ...portAdvice(error, base));
  }
  const close = async () => {
    await Promise.all([http.close(), world.close()]);
  };
  endOnSignals(log, { stop: close });
  process.stdout.write(`${welcome(world.ports)}\n`);
  onKeys(process.stdin, (key) => void inTurn(() => press(world, key, close)));
}

/** One after the other: a kill is over before the next key or click counts. */
function queue(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const done = last.then(job);
    last = done.catch(() => {});
    return done;
  };
}

async function press(world: DevWorld, key: string, close: () => Promise<void>): Promise<void> {
  const network = networkNames.find((name) => name === key.toUpperCase());
  const server = serverNumbers.find((number) => `${number}` === key);
  if (network !== undefined) say(pressNetwork(world, network));
  else if (server !== undefined) say(await pressServer(world, server));
  else if (key.toLowerCase() === 'd') pressDrain(world);
  else if (key.toLowerCase() === 'q') {
    await close();
    process.exit(0);
  } else say(unknownKey(key));
}

function pressNetwork(world: DevWorld, name: NetworkName): string {
  const happened = world.toggleNetwork(name);
  return happened === 'cut'
    ? networkCut(name, world.limits)
    : networkHealed(name, happened.darkMs, world.limits);
}

/** The server with that number drains: it takes its time, and the keys go on. */
function pressDrain(world: DevWorld): void {
  const number = serverNumbers.find((each) => world.runs(each));
  if (number === undefined) return say(noServer);
  drainServer(world, number, say);
}

async function pressServer(world: DevWorld, number: ServerNumber): Promise<string> {
  if (!world.runs(number)) {
    await world.startServer(number);
    return serverStarted(number, world.ports);
  }
  return serverKilledBy(world, number);
}

function say(text: string): void {
  const clock = new Date().toTimeString().slice(0, 8);
  process.stdout.write(`${clock}  ${text.replaceAll('\n', '\n          ')}\n`);
}

function basePort(text: string): number {
  const port = Number(text);
  const last = 65_535 - lastPort;
  if (Number.isInteger(port) && port >= 1 && port <= last) return port;
  fail(2, `--port ${text} is not allowed: a whole number from 1 to ${last}`);
}

function portAdvice(error: unknown, base: number): string[] {
  const cause = error instanceof ListenError ? error.cause : error;
  const { code, port } = cause as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') throw error;
  return [
    `port ${port} is in use, and dev needs the ports ${base} to ${base + lastPort}.`,
    'Stop what listens there (another `npm start`?), or take other ports: npm start -- --port 8880',
  ];
}
