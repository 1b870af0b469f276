/** How many channels each app has open on this server (C-81). */
export class Apps {
  readonly #channels = new Map<string, number>();

  channelsOf(appId: string): number {
    return this.#channels.get(appId) ?? 0;
  }

  opened(appId: string): void {
    this.#channels.set(appId, this.channelsOf(appId) + 1);
  }

  closed(appId: string): void {
    const left = this.channelsOf(appId) - 1;
    if (left > 0) this.#channels.set(appId, left);
    else this.#channels.delete(appId);
  }
}
