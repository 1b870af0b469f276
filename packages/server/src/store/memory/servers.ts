import type { Holder, Seat } from '../store.ts';

interface Registered {
  readonly holder: Holder;
  readonly url: string | null;
  leaving: boolean;
}

/** The servers at a store of one process. */
export class MemoryServers {
  readonly #servers = new Map<string, Registered>();

  add(server: string, holder: Holder, url: string | null): void {
    this.#servers.set(server, { holder, url, leaving: false });
  }

  remove(server: string): boolean {
    return this.#servers.delete(server);
  }

  /** False: it is not here, or has said so before. */
  leaving(server: string): boolean {
    const registered = this.#servers.get(server);
    if (registered === undefined || registered.leaving) return false;
    registered.leaving = true;
    return true;
  }

  seats(): readonly Seat[] {
    return [...this.#servers].map(([server, { url, leaving }]) => ({ server, url, leaving }));
  }

  /** Tells every server that another one came, is leaving, or is gone. */
  tell(): void {
    for (const { holder } of [...this.#servers.values()]) holder.serversChanged();
  }

  holders(): readonly Holder[] {
    return [...this.#servers.values()].map(({ holder }) => holder);
  }

  /** Null: it is not here, or not any more. */
  find(server: string): Holder | null {
    return this.#servers.get(server)?.holder ?? null;
  }

  holder(server: string): Holder {
    const holder = this.find(server);
    if (holder === null) throw new Error(`server ${server} is not connected to the store`);
    return holder;
  }

  /** Who takes over the users of a server that is gone: one that stays, if there is any. */
  heir(): { readonly server: string; readonly holder: Holder } | null {
    const all = [...this.#servers];
    const [server, registered] = all.find(([, { leaving }]) => !leaving) ?? all[0] ?? [];
    return server === undefined || registered === undefined ? null : { server, holder: registered.holder };
  }
}
