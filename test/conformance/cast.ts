import { Chromium } from './chromium/browser.ts';
import { PageUser } from './chromium/page-user.ts';
import { classOf } from './dialects.ts';
import type { Row } from './rows.ts';
import type { Casting } from './scene.ts';
import { type Joining, type User, UserProcess } from './users.ts';

/** Everybody of a wave: processes of their own, and pages of one browser. */
export class Cast implements Casting {
  #chromium: Promise<Chromium> | undefined;

  async user(joining: Joining, { situation }: Row): Promise<User> {
    if (classOf(joining.platform) !== 'web' || !situation.inBrowser) return new UserProcess(joining);
    this.#chromium ??= Chromium.launch();
    return PageUser.open(await this.#chromium, joining, situation.inBrowser === 'tabs');
  }

  async close(): Promise<void> {
    await (await this.#chromium)?.close();
  }
}
