/** One real browser for all pages. */
import { type Browser, type BrowserContext, type BrowserServer, chromium, type Page } from 'playwright-core';
import { browserPath } from '../../web/browser.ts';
import { favour, freePort } from '../processes.ts';
import { Sites } from './page.ts';

/**
 * Playwright keeps every page as if it were in front: these flags would keep hidden pages as awake as visible ones,
 * and end pages that are left.
 */
const wakeful = [
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** A hidden page's timers run once a minute after this long, in place of five minutes. */
const throttledAfterS = 3;

export class Chromium {
  readonly #launched: BrowserServer;
  readonly #browser: Browser;
  readonly #visible: BrowserContext;
  /** Its pages are tabs of one window, as a person has them: one is in front and the others are hidden. */
  readonly #tabs: BrowserContext;
  readonly #sites = new Sites();
  #blank: Promise<Page> | undefined;

  private constructor(parts: {
    launched: BrowserServer;
    browser: Browser;
    visible: BrowserContext;
    tabs: BrowserContext;
  }) {
    this.#launched = parts.launched;
    this.#browser = parts.browser;
    this.#visible = parts.visible;
    this.#tabs = parts.tabs;
  }

  /** @throws Error that says what to install */
  static async launch(): Promise<Chromium> {
    const port = await freePort();
    const launched = await chromium.launchServer({
      executablePath: browserPath(),
      ignoreDefaultArgs: wakeful,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        `--remote-debugging-port=${port}`,
        `--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/${throttledAfterS}`,
      ],
    });
    favour(launched.process().pid ?? 0);
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    const [tabs] = browser.contexts();
    if (tabs === undefined) throw new Error('the browser has no window');
    return new Chromium({
      ...{ launched, browser, tabs },
      visible: await browser.newContext(),
    });
  }

  /** Opens the page of a user. One that can be hidden is a tab; it becomes visible, and hides the others. */
  async open(canBeHidden: boolean, told: (line: string) => void): Promise<Page> {
    const page = await (canBeHidden ? this.#tabs : this.#visible).newPage();
    await page.exposeBinding('told', (_, line: string) => told(line));
    // On a site of its own it has a process of its own: a browser counts the dials of all pages in one process (C-17).
    await page.goto(await this.#sites.open());
    // On a busy machine the binding comes after the page.
    await page.waitForFunction("typeof told === 'function'", undefined, { polling: 20 });
    return page;
  }

  /** Puts an empty tab in front of every page that can be hidden. */
  async hideTabs(): Promise<void> {
    this.#blank ??= this.#tabs.newPage();
    await (await this.#blank).bringToFront();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#launched.close();
    this.#sites.close();
  }
}
