/**
 * npm run firewall [-- --rounds N] [--json FILE]: calls between two pages of a real browser in a network of their own,
 * in which no UDP reaches the server's media but from a TURN server: without TURN there is no picture, with it there is.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { type Figures, figure, lines, missed, quantile } from '../bench/figures.ts';
import { isInOwnNetwork, runInOwnNetwork } from '../conformance/own-network.ts';
import { cli } from '../conformance/processes.ts';
import { Caller } from '../media/caller.ts';
import { servePage } from '../media/page.ts';
import { launchBrowser } from '../web/browser.ts';
import { TurnServer } from './turn-server.ts';
import { counted, ports, serverGroup, walled } from './wall.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, json: { type: 'string' } },
});

if (!isInOwnNetwork()) process.exit(await runInOwnNetwork(walled));

/** What the TURN server knows, and what it does not. */
const secret = 'known to both of them';
/** A page that has no picture by then gets none. */
const patienceMs = 8_000;

const folder = mkdtempSync(join(tmpdir(), 'holdfast-firewall-'));
const failures: string[] = [];
const page = await servePage();
const relay = await TurnServer.start(secret);
const browser = await launchBrowser();
try {
  const figures = await play(browser);
  for (const line of lines(figures)) console.log(line);
  failures.push(...missed(figures));
  const ok = failures.length === 0;
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ ok, figures, failures }, null, 2)}\n`);
} finally {
  await browser.close();
  relay.end();
  page.close();
  rmSync(folder, { recursive: true });
}
for (const failure of failures) console.error(failure);
console.log(failures.length === 0 ? 'firewall: every goal met' : `firewall: ${failures.length} missed`);
process.exit(failures.length === 0 ? 0 : 1);

async function play(inBrowser: Browser): Promise<Figures> {
  console.log('no TURN server is told …');
  const without = await firstPictures(inBrowser, {});
  if (counted().dropped === 0) failures.push('the firewall has dropped nothing: it was not there');
  console.log('a TURN server that does not know the secret …');
  const turnSecret = 'known to nobody else';
  const wrong = await firstPictures(inBrowser, { iceServers: [turnOver('udp')], turnSecret });
  return {
    'calls with pictures without TURN': figure(without === null ? 0 : 1, '', 0),
    'calls with pictures, wrong secret': figure(wrong === null ? 0 : 1, '', 0),
    ...(await playOver(inBrowser, 'udp')),
    ...(await playOver(inBrowser, 'tcp')),
    'datagrams dropped at the wall': figure(counted().dropped, ''),
  };
}

async function playOver(inBrowser: Browser, transport: 'udp' | 'tcp'): Promise<Figures> {
  const before = counted();
  const found: number[] = [];
  const rounds = Number(values.rounds);
  for (let round = 1; round <= rounds; round += 1) {
    const media = { iceServers: [turnOver(transport)], turnSecret: secret };
    const took = await firstPictures(inBrowser, media);
    const words = took === null ? `no pictures in ${patienceMs} ms` : `pictures after ${took.toFixed(0)} ms`;
    console.log(`TURN over ${transport}, ${round} of ${rounds}: ${words}`);
    if (took !== null) found.push(took);
  }
  return {
    [`TURN over ${transport}: calls without pictures`]: figure(rounds - found.length, '', 0),
    ...(found.length > 0 && {
      [`TURN over ${transport}: joining to pictures, p50`]: figure(quantile(found, 0.5), 'ms', 3_000),
    }),
    [`TURN over ${transport}: datagrams by relays`]: figure(counted().relayed - before.relayed, ''),
  };
}

function turnOver(transport: 'udp' | 'tcp'): string {
  return `turn:127.0.0.1:${ports.turn}?transport=${transport}`;
}

/** Two pages join; milliseconds until each sees and hears the other, or null. */
async function firstPictures(inBrowser: Browser, media: object): Promise<number | null> {
  const config = join(folder, 'server.json');
  writeFileSync(config, JSON.stringify({ media }));
  const server = spawn(process.execPath, [cli, 'serve', '--port', `${ports.server}`, '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
    gid: serverGroup,
  });
  const callers: Caller[] = [];
  try {
    await ready();
    const at = performance.now();
    const url = `ws://127.0.0.1:${ports.server}`;
    for (const uid of [1, 2]) callers.push(await Caller.enter(inBrowser, page.url, [url], 'walled', uid));
    const [one, two] = callers as [Caller, Caller];
    for (const until = at + patienceMs; performance.now() < until; await sleep(50))
      if ((await sees(one, 2)) && (await sees(two, 1))) return performance.now() - at;
    return null;
  } finally {
    for (const { page: each } of callers) await each.close();
    server.kill('SIGKILL');
  }
}

async function sees(caller: Caller, uid: number): Promise<boolean> {
  return (await caller.shown(uid)).length > 0 && (await caller.samples(uid)) > 0;
}

/** The server answers, and its media process is there. */
async function ready(): Promise<void> {
  for (const until = performance.now() + 10_000; performance.now() < until; await sleep(50)) {
    const answer = await fetch(`http://127.0.0.1:${ports.server}/readyz`).catch(() => null);
    if (answer?.ok) return sleep(1_500);
  }
  throw new Error('the server does not start');
}
