/** The server's side of the page's buttons: `holdfast dev`. */

export type Direction = 'both' | 'up' | 'down';

export interface NetworkState {
  readonly id: string;
  readonly urls: readonly string[];
  /** Media: UDP ports of the servers, and those that lead to them through this network. */
  readonly mediaPorts: readonly { readonly of: number; readonly through: number }[];
  readonly dark: Direction | null;
  readonly darkMs: number;
  readonly silentMs: { readonly up: number | null; readonly down: number | null };
  readonly server: number | null;
}

export interface Limits {
  readonly interruptedMs: number;
  readonly lostMs: number;
  readonly streamRemovedMs: number;
  readonly peerOfflineMs: number;
}

export interface DevState {
  readonly limits: Limits;
  readonly servers: readonly { readonly number: number; readonly running: boolean }[];
  /** Null: the server does not know this tab's network. */
  readonly network: NetworkState | null;
}

export class DevServer {
  #network: NetworkState | null = null;

  /** Takes the network of before the page was loaded again, if there still is one, or a fresh one. */
  async open(before: string | null): Promise<NetworkState> {
    const { network } = before === null ? { network: null } : await this.#ask(`/dev/state?network=${before}`);
    this.#network = network ?? ((await send('POST', '/dev/networks')) as NetworkState);
    return this.#network;
  }

  get id(): string {
    return this.#network?.id ?? '';
  }

  state(): Promise<DevState> {
    return this.#ask(`/dev/state?network=${this.id}`);
  }

  cut(direction: Direction): Promise<DevState> {
    return send('POST', `/dev/networks/${this.id}/cut`, { direction }) as Promise<DevState>;
  }

  heal(): Promise<DevState> {
    return send('POST', `/dev/networks/${this.id}/heal`) as Promise<DevState>;
  }

  server(number: number, act: 'kill' | 'start'): Promise<DevState> {
    return send('POST', `/dev/servers/${number}/${act}?network=${this.id}`) as Promise<DevState>;
  }

  #ask(path: string): Promise<DevState> {
    return send('GET', path) as Promise<DevState>;
  }
}

/** @throws Error with words for the user */
async function send(method: string, path: string, body?: object): Promise<unknown> {
  const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(path, { method, ...json }).catch(() => null);
  if (response === null) throw new Error('The dev server does not answer: is `npm start` still running?');
  const answer = (await response.json()) as { text?: string };
  if (!response.ok) throw new Error(answer.text ?? `The dev server answers ${response.status}.`);
  return answer;
}
