import type { ChannelKey } from '../store.ts';

/** The names of everything that a cluster keeps in Redis. Two clusters with different prefixes never meet. */
export class Names {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Followed by a server's name: where it is told and asked things. */
  get inbox(): string {
    return `${this.#prefix}:inbox:`;
  }

  /** The servers, their beats, the dead ones, and whether the store is young. */
  get servers(): readonly string[] {
    return ['all', 'beats', 'dead', 'young'].map((name) => `${this.#prefix}:{servers}:${name}`);
  }

  /** What the operator forbids. */
  get bans(): string {
    return `${this.#prefix}:{servers}:bans`;
  }

  /** The channels in which a server may have users. */
  channelsOf(server: string): string {
    return `${this.#prefix}:{servers}:channels:${server}`;
  }

  /** A channel's keys, all in one hash slot. */
  channel(text: string): readonly string[] {
    return ['facts', 'stays', 'members', 'sent', 'log', 'followers'].map(
      (name) => `${this.#prefix}:{${text}}:${name}`,
    );
  }
}

/** A channel in one word without braces or spaces. */
export function channelText({ appId, channel }: ChannelKey): string {
  return `${encodeURIComponent(appId)}/${encodeURIComponent(channel)}`;
}

export function channelOf(text: string): ChannelKey {
  const [appId = '', channel = ''] = text.split('/').map(decodeURIComponent);
  return { appId, channel };
}
