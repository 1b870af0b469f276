/** The demo page in a real browser: what somebody sees who follows the README. */
import type { Browser, ConsoleMessage, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../web/browser.ts';
import { startDev } from './dev.ts';

let dev: Awaited<ReturnType<typeof startDev>>;
let browser: Browser;
beforeAll(async () => {
  [dev, browser] = await Promise.all([startDev(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  dev?.kill();
});

test('C-11 C-51 C-90 the page: an outage of 5 s is told and drawn, a dead server is not even told', async () => {
  const [android, linux, web, ios] = await Promise.all([
    openTab('android', 1),
    openTab('linux', 2),
    openTab('web', 3),
    openTab('ios', 4),
  ]);
  const tabs = [android, linux, web, ios];
  await Promise.all(tabs.map((tab) => tab.page.waitForSelector('#people li:nth-child(3)')));
  await web.told('stream-published');
  await Promise.all(tabs.map((tab) => tab.toldOf()));

  const before = await Promise.all(tabs.map((tab) => tab.toldOf()));
  await android.page.keyboard.press('c');
  await android.page.waitForSelector('#silence li:has-text("onConnectionInterrupted").past');
  await android.told('onConnectionInterrupted');
  await expect.poll(() => android.page.textContent('#status')).toBe('reconnecting …');
  await android.page.keyboard.press('c');
  await android.told('didRejoinChannel');
  await android.page.waitForSelector('#drawing svg .told circle');
  expect(await android.page.textContent('#drawing svg')).toContain('onConnectionInterrupted');
  expect((await android.toldOf()).slice(before[0]?.length)).toEqual([
    'onConnectionStateChanged',
    'onConnectionInterrupted',
    'onConnectionStateChanged',
    'didRejoinChannel',
    'onOutage',
  ]);
  for (const [index, tab] of tabs.entries()) if (index > 0) expect(await tab.toldOf()).toEqual(before[index]);

  const beforeKill = await Promise.all(tabs.map((tab) => tab.toldOf()));
  await linux.page.getByRole('button', { name: 'Kill server 1' }).click();
  await Promise.all(tabs.map((tab) => tab.page.waitForSelector('#network-state:has-text("server 2")')));
  const toldSince = await Promise.all(tabs.map((tab) => tab.toldOf()));
  for (const [index, tab] of toldSince.entries())
    expect(tab.slice(beforeKill[index]?.length).filter((name) => !isOutage(name))).toEqual([]);
  await linux.page.keyboard.press('1');
  await linux.page.waitForSelector('#server-1:has-text("Kill server 1")');

  await ios.page.keyboard.press('j');
  await expect.poll(() => linux.page.locator('#people li').count()).toBe(2);
  await linux.told('onUserOffline');
  for (const tab of tabs) expect(tab.complaints).toEqual([]);
});

test('the page: right on a phone, and by keyboard alone', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.goto(dev.page);
  await page.waitForSelector('#join-button:enabled');
  const focused = () => page.locator(':focus').getAttribute('id');
  for (const id of ['platform', 'channel', 'uid', 'join-button']) {
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(id);
  }
  await page.keyboard.press('Enter');
  await page.waitForSelector('#status[data-status=connected]');
  expect(await focused()).toBe('leave-button');
  await page.keyboard.press('c');
  await page.waitForSelector('#silence:visible');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  await page.keyboard.press('c');
  await page.waitForSelector('#silence', { state: 'hidden' });
  await page.keyboard.press('j');
  await page.waitForSelector('#status[data-status=out]');
  await page.close();
});

test('C-60 the page: what is typed or muted in one tab is told in the others, by keyboard alone', async () => {
  const [android, web, ios] = await Promise.all([
    openTab('android', 5),
    openTab('web', 6),
    openTab('ios', 7),
  ]);
  for (const { page } of [android, web, ios]) await page.waitForSelector('#status[data-status=connected]');
  await web.told('stream-published');
  await say(android.page, 'from android');
  await Promise.all([web.told('stream-message'), ios.told('receiveStreamMessageFromUid')]);
  expect(await web.page.textContent('#callbacks [data-callback=stream-message]')).toContain('from android');
  await say(web.page, 'from web');
  await Promise.all([android.told('onStreamMessage'), web.told('sendStreamMessage: onSuccess')]);
  await say(ios.page, 'from ios');
  await say(ios.page, 'once more');
  await android.page.keyboard.press('v');
  await Promise.all([web.told('mute-video'), ios.told('didVideoMuted')]);
  await ios.page.waitForSelector('#people li:has-text("video muted")');
  await web.page.keyboard.press('v');
  await android.told('onUserMuteVideo');
  expect(await android.page.textContent('#mute')).toContain('Unmute');
  await android.page.waitForSelector('#callbacks [data-callback=onStreamMessage]:has-text("from ios")');
  for (const tab of [android, web, ios]) {
    expect(tab.complaints).toEqual([]);
    await tab.page.close();
  }
});

test('C-70 C-71 C-72 the page: a call goes on after a cut of one tab, muted as it was, and the app is told only that it stood still', async () => {
  const [one, two] = await Promise.all([openTab('web', 8, 'call'), openTab('web', 9, 'call')]);
  const [toOne, toTwo] = ['#people [data-uid="9"]', '#people [data-uid="8"]'];
  await Promise.all([
    one.page.waitForSelector(`${toOne}:not(.blank) video`),
    two.page.waitForSelector(`${toTwo}:not(.blank):has-text("sound muted") video`),
    one.page.waitForSelector('#my-picture video'),
  ]);
  await one.page.waitForSelector('#quality[data-quality="1"], #quality[data-quality="2"]');
  const before = await one.toldOf();
  await two.page.keyboard.press('c');
  await one.page.waitForSelector(`${toOne}.still:has-text("stands still")`);
  await two.page.waitForSelector('#quality[data-quality="6"]');
  await two.page.keyboard.press('c');
  await one.page.waitForSelector(`${toOne}:not(.still)`);
  expect((await one.toldOf()).slice(before.length)).toEqual(['exception', 'exception']);
  await one.page.waitForSelector(`${toOne}:has-text("sound muted")`);
  await two.page.keyboard.press('v');
  await one.page.waitForSelector(`${toOne}:has-text("video muted") .picture[hidden]`, { state: 'attached' });
  for (const tab of [one, two]) {
    expect(tab.complaints).toEqual([]);
    await tab.page.close();
  }
});

async function say(page: Page, text: string): Promise<void> {
  await page.keyboard.press('m');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

test('the page: its buttons work for no other page and under no other name', async () => {
  const post = (headers: Record<string, string>) =>
    fetch(`${dev.page}/dev/servers/1/kill`, { method: 'POST', headers });
  expect((await post({ origin: 'http://example.com' })).status).toBe(403);
  expect((await post({ origin: 'null' })).status).toBe(403);
  expect((await fetch(`${dev.page}/dev/networks/none/cut`, { method: 'POST' })).status).toBe(404);
  const state = (await (await fetch(`${dev.page}/dev/state`)).json()) as { servers: { running: boolean }[] };
  expect(state.servers.map(({ running }) => running)).toEqual([true, true]);
});

function isOutage(name: string): boolean {
  return ['onOutage', 'outage', 'didEndOutage'].includes(name);
}

async function openTab(platform: string, uid: number, channel = 'demo') {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (isComplaint(message)) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(`${error}`));
  await page.goto(`${dev.page}/?platform=${platform}&channel=${channel}&uid=${uid}&join`);
  return { page, complaints, ...reading(page) };
}

/** The browser itself writes down every connection that fails, and a server was killed here. */
function isComplaint(message: ConsoleMessage): boolean {
  return message.type() === 'error' && !message.text().startsWith('WebSocket connection to ');
}

function reading(page: Page) {
  return {
    /** Waits for a callback. */
    told: (name: string) => page.waitForSelector(`#callbacks [data-callback="${name}"]`, { timeout: 10_000 }),
    /** The callbacks so far, oldest first. */
    toldOf: () =>
      page.$$eval('#callbacks [data-callback]', (lines) =>
        lines.map((line) => line.getAttribute('data-callback') ?? '').reverse(),
      ),
  };
}
