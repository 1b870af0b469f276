/** Credentials for TURN servers that end by themselves, as coturn's `use-auth-secret` checks them. */
import { createHmac } from 'node:crypto';
import type { IceServer } from '@holdfast/core';

export interface TurnOptions {
  /** As the settings say; a `turn:` without a user gets one for each client. */
  readonly iceServers: readonly IceServer[];
  /** What this server and the TURN servers know, and nobody else; null: nothing is made. */
  readonly secret: string | null;
  /** How long credentials are good, in seconds. */
  readonly seconds: number;
}

/** The servers that one client is told. @param now in milliseconds since 1970: TURN servers go by the clock on the wall */
export function iceServersFor(
  uid: number,
  { iceServers, secret, seconds }: TurnOptions,
  now: number,
): IceServer[] {
  return iceServers.map((server) => {
    const isTurn = server.urls.some((url) => /^turns?:/.test(url));
    if (secret === null || !isTurn || server.username !== '') return server;
    const username = `${Math.floor(now / 1_000) + seconds}:${uid}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');
    return { ...server, username, credential };
  });
}

/** Whether there is something in what clients are told that ends by itself. */
export function endsByItself({ iceServers, secret }: TurnOptions): boolean {
  return (
    secret !== null &&
    iceServers.some(({ urls, username }) => username === '' && /^turns?:/.test(urls[0] ?? ''))
  );
}
