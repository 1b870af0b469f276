/**
 * Programs written for the APIs that Holdfast speaks, against a real server. The pages change nothing but their
 * script tag, which is the promise of docs/migrating.md.
 */
import { ChannelProfile } from '@holdfast/sdk/apple';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../web/browser.ts';
import { Classroom } from './classroom.ts';
import { givePages, serve, swapped } from './stage.ts';
import { VideoCall } from './tutorial.ts';

const closing: (() => unknown)[] = [];
const troubles: string[] = [];
let browser: Browser;
let servers: string[];
let pages: string;

beforeAll(async () => {
  browser = await launchBrowser();
  closing.push(() => browser.close());
  const server = await serve();
  closing.push(() => server.process.kill('SIGKILL'));
  servers = [`ws://127.0.0.1:${server.port}`];
  const given = await givePages((path) => swapped(path.slice(1), server.port));
  closing.push(given.close);
  pages = given.url;
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

test('a quickstart page without uids: two see each other, and one hangs up', async () => {
  const one = await open('quickstart.html?channel=quick');
  const two = await open('quickstart.html?channel=quick');
  for (const page of [one, two]) {
    await page.waitForSelector('#state:has-text("in as number")');
    await page.waitForSelector('#remote-container > div', { state: 'attached' });
    await page.waitForFunction('document.querySelector("#me video")?.videoWidth > 0');
    await page.waitForFunction('document.querySelector("#remote-container video")?.videoWidth > 0');
  }
  await two.click('#leave');
  await two.waitForSelector('#state:has-text("left")');
  await one.waitForSelector('#remote-container > div', { state: 'detached' });
  expect(await two.locator('#me video').count()).toBe(0);
  expect(troubles).toEqual([]);
});

test('C-20 C-30 a page of tiles with numbers and names: who says bye goes at once, who closes its page after 10 s', async () => {
  const watcher = await open('tiles.html?channel=tiles&uid=1');
  const named = await open('tiles.html?channel=tiles&uid=anna');
  const closed = await open('tiles.html?channel=tiles&uid=3');
  await watcher.waitForSelector('#tile_anna');
  await watcher.waitForSelector('#tile_3');
  await named.waitForSelector('#tile_1.teacher');
  await named.waitForSelector('#tile_3');
  await named.click('#mic');
  await watcher.waitForSelector('#tile_anna[title=mute-audio]');
  const closedAt = performance.now();
  await closed.close();
  await named.click('#bye');
  await watcher.waitForSelector('#tile_anna', { state: 'detached' });
  await watcher.waitForSelector('#log:text-is("anna left: Quit")');
  await named.waitForSelector('#log:has-text("bye")');
  expect(await named.locator('.tile').count()).toBe(0);
  await watcher.waitForSelector('#tile_3', { state: 'detached' });
  expect(performance.now() - closedAt).toBeGreaterThan(9_000);
  expect(await watcher.textContent('#log')).toBe('anna left: Quit');
  expect(troubles).toEqual([]);
});

test('C-25 a live page: an audience watches, goes on stage and back to its seat', async () => {
  const seat = await open('audience.html?channel=live&uid=1');
  const guest = await open('audience.html?channel=live&uid=2');
  await seat.waitForSelector('#said:has-text("in;")');
  await guest.waitForSelector('#said:has-text("in;")');
  await guest.click('#up');
  await seat.waitForSelector('#host_2', { state: 'attached' });
  expect(await guest.textContent('#role')).toBe('host');
  await guest.click('#down');
  await seat.waitForSelector('#host_2', { state: 'detached' });
  expect(await seat.textContent('#said')).toBe('in; online 2; BecomeAudience true; ');
  expect(await guest.textContent('#role')).toBe('audience');
  expect(troubles).toEqual([]);
});

test('C-21 C-60 a desktop program, one of Apple and a page in one live channel', async () => {
  const room = new Classroom(servers);
  const call = new VideoCall(servers, ChannelProfile.liveBroadcasting);
  closing.push(() => room.close());
  room.enter('mixed', 1);
  call.start('mixed', 2);
  const page = await open('tiles.html?channel=mixed&uid=3');
  await expect.poll(() => [...room.pupils].sort(), { timeout: 10_000 }).toEqual([2, 3]);
  await expect.poll(() => [...call.others].sort()).toEqual([1, 3]);
  await page.waitForSelector('#tile_1.teacher');
  await page.waitForSelector('#tile_2');
  expect([room.isIn, call.isOn, call.channel]).toEqual([true, true, 'mixed as 2']);
  room.write('good morning');
  await expect.poll(() => call.heard).toEqual(['1: good morning']);
  call.mute(true);
  await page.waitForSelector('#tile_2[title=mute-audio]');
  await expect.poll(() => room.heard).toEqual(['in as 1', '2 muted']);
  await call.hangUp();
  await page.waitForSelector('#tile_2', { state: 'detached' });
  await expect.poll(() => [...room.pupils]).toEqual([3]);
  expect(troubles).toEqual([]);
});

async function open(path: string): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => troubles.push(`${path}: ${error.message}`));
  await page.goto(`${pages}/${path}`);
  return page;
}
