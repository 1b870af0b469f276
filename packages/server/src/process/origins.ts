import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config/index.ts';

export interface OriginRules {
  /** `https://app.example.org`, `https://*.example.org`, `null`, or `*`; none: see `isAllowed`. */
  readonly origins: readonly string[];
  /** Does the server look at tokens? */
  readonly authenticates: boolean;
  /** Does it listen on loopback only? Then a name that leads to it by a trick is not its own. */
  readonly loopback: boolean;
}

/**
 * May a page of this origin connect (C-82)? Programs that are no browsers say none, and may. Without a list, a server
 * that looks at tokens takes every page, for a page has nothing that its user's browser would add by itself; one that
 * authenticates nobody takes pages of its own host; on loopback, pages of this machine, under its own names.
 */
export function isAllowed({ headers }: Pick<IncomingMessage, 'headers'>, rules: OriginRules): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  if (rules.origins.length > 0) return rules.origins.some((allowed) => matches(origin, allowed));
  if (rules.authenticates) return true;
  const page = hostOf(origin);
  if (page === null) return false;
  const own = hostOf(`http://${headers.host ?? ''}`);
  const local = own !== null && isLoopback(own);
  return rules.loopback || local ? local && isLoopback(page) : page === own;
}

function matches(origin: string, allowed: string): boolean {
  if (allowed === '*') return true;
  const given = origin.toLowerCase();
  const [scheme, host] = allowed.toLowerCase().split('://*');
  if (host === undefined) return given === allowed.toLowerCase();
  const rest = given.startsWith(`${scheme}://`) ? given.slice(`${scheme}://`.length) : '';
  return rest.endsWith(host) && rest.length > host.length;
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
}
