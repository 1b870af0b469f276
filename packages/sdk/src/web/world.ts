/** What the web dialect needs of the page it runs in; in Node there is less of it. */
import { type Host, rethrow, webHost } from '../driver/host.ts';
import { type Level, printToConsole } from './log.ts';
import { browserMedia, type Media } from './media.ts';

export interface World {
  /** @throws Error where something is missing that a connection needs */
  readonly host: () => Host;
  /** Devices and players; null where there are none, and streams are mere descriptions. */
  readonly media: Media | null;
  /** The address of the server that the page's script came from, `ws://…` or `wss://…`; null: from nowhere. */
  readonly origin: string | null;
  /** Surfaces what an application's callback threw. */
  readonly report: (error: unknown) => void;
  readonly print: (level: Level, line: string) => void;
}

/** The world of browsers. */
export function browserWorld(origin: string | null = null): World {
  return { host: webHost, media: browserMedia(), origin, report: rethrow, print: printToConsole };
}

/** The server that serves a script: same place, by WebSocket. Null if the address is none of http or https. */
export function originOf(script: string | undefined): string | null {
  const [, secure, place] = /^http(s?):\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(script ?? '') ?? [];
  return place === undefined ? null : `ws${secure?.toLowerCase()}://${place}`;
}
