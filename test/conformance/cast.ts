import { Chromium } from './chromium/browser.ts';
import { PageUser } from './chromium/page-user.ts';
import { classOf } from './dialects.ts';
import type { Row } from './rows.ts';
import type { Casting } from './scene.ts';
import { Host, type Joining, type User, UserProcess } from './users.ts';

/** Processes that share the users who are not harmed. */
const hostsMax = 4;

/** Everybody who plays: processes of their own, clients that share a few processes, and pages of one browser. */
export class Cast implements Casting {
  readonly #hosts: Host[] = [];
  #chromium: Promise<Chromium> | undefined;
  #hosted = 0;

  async user(joining: Joining, { situation }: Row, mayBeHarmed: boolean): Promise<User> {
    if (classOf(joining.platform) === 'web' && situation.inBrowser) {
      this.#chromium ??= Chromium.launch();
      return PageUser.open(await this.#chromium, joining, situation.inBrowser === 'tabs');
    }
    return mayBeHarmed ? new UserProcess(joining) : this.#host().join(joining);
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) host.close();
    await (await this.#chromium)?.close();
  }

  #host(): Host {
    const i = this.#hosted++ % hostsMax;
    const host = this.#hosts[i] ?? new Host();
    this.#hosts[i] = host;
    return host;
  }
}
