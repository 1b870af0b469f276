/** The servers a client knows, and which to try next. */
export class Servers {
  #urls: readonly string[];
  readonly #given: readonly string[];
  #cursor = 0;
  readonly #notBefore = new Map<string, number>();

  constructor(given: readonly string[]) {
    this.#given = given;
    this.#urls = given;
  }

  get count(): number {
    return this.#urls.length;
  }

  /** A server told its clients the addresses of all; an empty list changes nothing. */
  learn(urls: readonly string[]): void {
    if (urls.length > 0) this.#urls = [...new Set([...urls, ...this.#given])];
  }

  /** The server at `url` asked to be left alone until `at`. */
  rest(url: string, at: number): void {
    this.#notBefore.set(url, at);
  }

  /** The next address in turn that may be tried now, other than `avoid` where there is a choice. */
  next(now: number, avoid: string | null): string | null {
    let fallback: string | null = null;
    for (let step = 0; step < this.#urls.length; step += 1) {
      const url = this.#urls[(this.#cursor + step) % this.#urls.length];
      if (url === undefined || (this.#notBefore.get(url) ?? 0) > now) continue;
      if (url === avoid) {
        fallback = url;
        continue;
      }
      this.#cursor = (this.#cursor + step + 1) % this.#urls.length;
      return url;
    }
    return fallback;
  }

  /** When the first resting server may be tried again. */
  restUntil(): number {
    return Math.min(...this.#urls.map((url) => this.#notBefore.get(url) ?? 0));
  }
}
