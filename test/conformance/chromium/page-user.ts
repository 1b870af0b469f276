import type { CDPSession, Page } from 'playwright-core';
import { type Joining, User } from '../users.ts';
import type { Chromium } from './browser.ts';

/** A user of the web in a page of a real browser, in the place of `holdfast join --platform web`. */
export class PageUser extends User {
  readonly diagnostics: string[] = [];
  readonly #chromium: Chromium;
  readonly #joining: Joining;
  readonly #canBeHidden: boolean;
  #page: Page | undefined;
  #exitedAt: number | undefined;

  private constructor(chromium: Chromium, joining: Joining, canBeHidden: boolean) {
    super();
    this.#canBeHidden = canBeHidden;
    this.#chromium = chromium;
    this.#joining = joining;
  }

  /** Opens a page that begins to join. */
  static async open(chromium: Chromium, joining: Joining, canBeHidden: boolean): Promise<PageUser> {
    const user = new PageUser(chromium, joining, canBeHidden);
    const page = await chromium.open(canBeHidden, (line) => user.hear(line));
    user.#page = page;
    page.on('console', (message) => user.diagnostics.push(message.text()));
    page.on('pageerror', (error) => user.diagnostics.push(String(error)));
    page.on('crash', () => user.#ended('the page crashed'));
    page.on('close', () => user.#ended('the page was closed'));
    await user.#enter();
    return user;
  }

  override get exitedAt(): number | undefined {
    return this.#exitedAt;
  }

  override tell(command: string): number {
    const at = Date.now();
    this.#do((page) => page.evaluate(`obey(${JSON.stringify(command)})`));
    return at;
  }

  /** Closes the page: whatever the signal, a page is told nothing before. */
  override kill(): number {
    const at = Date.now();
    this.#do((page) => page.close());
    return at;
  }

  /** Loads the page again, as the user's reload does, and joins again. */
  async reload(): Promise<number> {
    const at = Date.now();
    await this.#page?.reload();
    await this.#enter();
    return at;
  }

  /** Puts another tab in front; answers when the page knows. */
  async hide(): Promise<number> {
    const at = Date.now();
    await this.#chromium.hideTabs();
    await this.#page?.waitForFunction("document.visibilityState === 'hidden'", undefined, { polling: 50 });
    return at;
  }

  /** Puts the page in front. */
  async show(): Promise<number> {
    const at = Date.now();
    await this.#page?.bringToFront();
    return at;
  }

  /** Ends the page's renderer. */
  crash(): number {
    const at = Date.now();
    this.#do(async (page) => {
      // Its answer never comes: what was to answer has crashed.
      await (await this.#devtools(page)).send('Page.crash').catch(() => {});
    });
    return at;
  }

  /** Stops the page, as a browser does with hidden ones to save power; answers with the time just before. */
  freeze(): Promise<number> {
    return this.#live('frozen');
  }

  thaw(): Promise<number> {
    return this.#live('active');
  }

  /** Follows a link to another page; this one stays in the back/forward cache. */
  async goElsewhere(): Promise<number> {
    const at = Date.now();
    await this.#page?.goto(new URL('elsewhere', this.#page.url()).href);
    return at;
  }

  /** The browser's button "back"; answers with the time just before. */
  async goBack(): Promise<number> {
    const at = Date.now();
    const seen = this.said.length;
    // What is restored out of the cache fires no load, for which `goBack` of the page would wait.
    await this.#page?.evaluate('history.back()').catch(() => {});
    await this.until(
      'the page is shown again',
      (said) => this.said.indexOf(said) >= seen && said.callback === '$pageshow',
      5_000,
    );
    return at;
  }

  /** Fires an event that browsers fire when they think that they know the network. */
  async say(event: 'online' | 'offline'): Promise<number> {
    const at = Date.now();
    await this.#page?.evaluate(`dispatchEvent(new Event('${event}'))`);
    return at;
  }

  /** Whether the page noted something of its own life: `freeze`, `pageshow true`. */
  noted(what: string): boolean {
    return this.said.some(({ callback, args }) => [callback, ...args].join(' ') === `$${what}`);
  }

  /** How often a timer of 100 ms has run in the page. */
  async ticks(): Promise<number> {
    return Number(await this.#page?.evaluate('ticks'));
  }

  /** How late the page's own timers were since the last call, in ms; 0 for one that is hidden, or gone. */
  override async lagMs(): Promise<number> {
    if (this.#canBeHidden || this.#exitedAt !== undefined) return 0;
    const read = '(() => { const ms = worstMs; worstMs = 0; return ms; })()';
    return Math.round(Number(await this.#page?.evaluate(read).catch(() => 0)));
  }

  async #live(state: 'active' | 'frozen'): Promise<number> {
    const at = Date.now();
    if (this.#page) await (await this.#devtools(this.#page)).send('Page.setWebLifecycleState', { state });
    return at;
  }

  #devtools(page: Page): Promise<CDPSession> {
    return page.context().newCDPSession(page);
  }

  async #enter(): Promise<void> {
    const { channel, uid, ports, profile, liveRole: role, publishes } = this.#joining;
    const servers = ports.map((port) => `ws://127.0.0.1:${port}`);
    const mode = profile === 'live' ? 'live' : 'rtc';
    await this.#page?.evaluate(`enter(${JSON.stringify({ channel, uid, servers, mode, role, publishes })})`);
  }

  #do(act: (page: Page) => Promise<unknown>): void {
    if (this.#page && this.#exitedAt === undefined)
      act(this.#page).catch((error) => this.diagnostics.push(String(error)));
  }

  #ended(how: string): void {
    this.#exitedAt ??= Date.now();
    this.diagnostics.push(how);
  }
}
