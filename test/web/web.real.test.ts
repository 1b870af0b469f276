/** The script build in a real browser against a real server: a page of the 2.x API that changed nothing but its script tag. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, freePort } from '../conformance/processes.ts';
import { launchBrowser } from './browser.ts';
import { servePage } from './page.ts';

const closing: (() => unknown)[] = [];
let browser: Browser;
let address: string;

beforeAll(async () => {
  browser = await launchBrowser(['--autoplay-policy=document-user-activation-required']);
  closing.push(() => browser.close());
  const port = await freePort();
  const server = spawn(process.execPath, [cli, 'serve', '--port', `${port}`], { stdio: 'ignore' });
  closing.push(() => server.kill('SIGKILL'));
  await answers(`http://127.0.0.1:${port}/healthz`);
  const page = await servePage(port);
  closing.push(page.close);
  address = page.url;
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

test('two pages join, show their cameras, publish, see each other, and one leaves', async () => {
  const [one, two] = [await enter('call', 1), await enter('call', 'two')];
  await hears(one, 'stream-subscribed', 'two');
  await hears(two, 'stream-subscribed', 1);
  await hears(two, 'played', null);
  const ofOne = (await heard(two)).filter(([, value]) => value === 1).map(([name]) => name);
  expect(ofOne).toEqual(['peer-online', 'stream-added', 'stream-subscribed']);
  await hears(one, 'played', null);
  expect(await one.evaluate("document.querySelector('#local #player_1 video#video1').videoWidth")).toBe(640);
  await one.evaluate('localStream.muteAudio()');
  await hears(two, 'mute-audio', 1);
  await two.evaluate('leave()');
  await hears(two, 'left', 'DISCONNECTED');
  await hears(one, 'peer-leave', { uid: 'two', reason: 'Quit', same: true });
  expect(await two.evaluate('localStream.getVideoTrack()')).toBe(undefined);
  await one.close();
});

test('devices are listed and switched, the others see the new one; a screen is shared; what does not exist is refused', async () => {
  const [filming, watching] = [await enter('devices', 1), await enter('devices', 2)];
  await hears(watching, 'stream-subscribed', 1);
  await hears(filming, 'stream-published', 1);
  const [, cameras] = (await filming.evaluate("asked(client, 'getCameras')")) as [
    boolean,
    { deviceId: string }[],
  ];
  expect(cameras.length).toBeGreaterThanOrEqual(3);
  const before = await filming.evaluate('localStream.getVideoTrack().id');
  const other = JSON.stringify(cameras.at(-1)?.deviceId);
  expect(await filming.evaluate(`asked(localStream, 'switchDevice', 'video', ${other})`)).toEqual([
    true,
    undefined,
  ]);
  expect(await filming.evaluate('localStream.getVideoTrack().id')).not.toBe(before);
  expect(await filming.evaluate('localStream.getVideoTrack().getSettings().deviceId')).toBe(
    cameras.at(-1)?.deviceId,
  );
  await grows(watching, 'streams.added', 'videoReceiveFramesDecoded');
  const refused = await filming.evaluate("asked(localStream, 'switchDevice', 'video', 'none')");
  expect(refused).toMatchObject([false, { msg: 'OverconstrainedError' }]);
  await expect.poll(() => filming.evaluate('localStream.getAudioLevel()')).toBeGreaterThan(0);
  await filming.evaluate(
    `window.shared = AgoraRTC.createStream({ audio: false, video: true, screen: true })`,
  );
  expect(await filming.evaluate("asked(shared, 'init')")).toEqual([true, undefined]);
  expect(await filming.evaluate('shared.getVideoTrack().getSettings().displaySurface')).toBeTruthy();
  await Promise.all([filming.close(), watching.close()]);
});

test('a page that nobody has touched is told that it may not play sound, and plays after a touch', async () => {
  const [filming, watching] = [await enter('autoplay', 1), await browser.newPage()];
  const told = watching.waitForEvent('console', (line) => line.text().startsWith('{'));
  await watching.goto(`${address}#autoplay`);
  expect(JSON.parse((await told).text())).toMatchObject({
    status: 'paused',
    reason: expect.stringContaining('interact'),
  });
  await watching.evaluate(
    'document.onclick = () => streams.added.resume().then(() => note("resumed", true))',
  );
  await watching.mouse.click(5, 5);
  await hears(watching, 'resumed', true);
  expect(
    await watching.evaluate("[...document.querySelectorAll('#remote *')].some((one) => one.paused)"),
  ).toBe(false);
  await grows(watching, 'streams.added', 'audioReceiveSamples');
  await figuresAreThere(watching);
  await Promise.all([filming.close(), watching.close()]);
});

async function figuresAreThere(watching: Page): Promise<void> {
  const of = async (method: string) =>
    (await watching.evaluate(`new Promise((done) => client.${method}(done))`)) as Record<string, unknown>;
  await expect
    .poll(async () => (await of('getRemoteVideoStats'))[1])
    .toMatchObject({ RecvResolutionWidth: '640' });
  expect((await of('getRemoteAudioStats'))[1]).toMatchObject({ CodecType: 'opus', MuteState: '0' });
  expect(Number((await of('getTransportStats')).RTT)).toBeGreaterThanOrEqual(0);
}

/** A figure of a stream's `getStats` rises. */
async function grows(page: Page, stream: string, name: string): Promise<void> {
  const read = () =>
    page.evaluate<number>(
      `new Promise((done) => ${stream}.getStats((all) => done(Number(all.${name} ?? 0))))`,
    );
  const before = await read();
  await expect.poll(read, { timeout: 10_000 }).toBeGreaterThan(before);
}

test('C-30 closing a page is a drop: its stream is removed after 10 s, and it has not quit', async () => {
  const [watcher, closed] = [await enter('closed', 1), await enter('closed', 2)];
  await hears(watcher, 'stream-subscribed', 2);
  const at = performance.now();
  await closed.close();
  await hears(watcher, 'stream-removed', 2);
  expect(performance.now() - at).toBeGreaterThan(9_000);
  expect((await heard(watcher)).map(([name]) => name)).not.toContain('peer-leave');
  await watcher.close();
});

test('C-35 a page that is reloaded in time: the others are told nothing', async () => {
  const [watcher, reloaded] = [await enter('reloaded', 1), await enter('reloaded', 2)];
  await hears(watcher, 'stream-subscribed', 2);
  const before = await heard(watcher);
  await reloaded.reload();
  await reloaded.evaluate("enter('reloaded', 2)");
  await hears(reloaded, 'stream-published', 2);
  await sleep(1_000);
  expect(await heard(watcher)).toEqual(before);
  await Promise.all([watcher.close(), reloaded.close()]);
});

/** A page on which somebody has begun to join. */
async function enter(channel: string, uid: number | string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.evaluate(`enter('${channel}', ${JSON.stringify(uid)})`);
  return page;
}

function heard(page: Page): Promise<[name: string, value: unknown][]> {
  return page.evaluate('heard');
}

/** Waits until a page has heard something. */
async function hears(page: Page, name: string, value: unknown): Promise<void> {
  const wanted = JSON.stringify([name, value]);
  for (const until = performance.now() + 20_000; performance.now() < until; await sleep(50)) {
    if ((await heard(page)).some((note) => JSON.stringify(note) === wanted)) return;
  }
  throw new Error(`${wanted} was not heard among ${JSON.stringify(await heard(page))}`);
}

async function answers(url: string): Promise<void> {
  for (const until = performance.now() + 10_000; performance.now() < until; await sleep(50)) {
    if ((await fetch(url).catch(() => null))?.ok) return;
  }
  throw new Error(`nothing answers at ${url}`);
}
