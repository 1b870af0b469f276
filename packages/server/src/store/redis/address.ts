/** Where Redis is, from one address. */
export type Place = Servers & Access;

type Servers =
  | { readonly kind: 'single'; readonly nodes: readonly Node[] }
  | { readonly kind: 'sentinel'; readonly nodes: readonly Node[]; readonly master: string }
  | { readonly kind: 'cluster'; readonly nodes: readonly Node[] };

interface Node {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
}

const kinds = {
  redis: { kind: 'single', tls: false, port: 6379 },
  rediss: { kind: 'single', tls: true, port: 6379 },
  'redis+sentinel': { kind: 'sentinel', tls: false, port: 26_379 },
  'rediss+sentinel': { kind: 'sentinel', tls: true, port: 26_379 },
  'redis+cluster': { kind: 'cluster', tls: false, port: 6379 },
  'rediss+cluster': { kind: 'cluster', tls: true, port: 6379 },
} as const;

/** The forms that `placeOf` reads, for messages. */
export const forms =
  'redis://[user:password@]host[:port][/database], rediss:// with TLS, redis+sentinel://host:port,…/master, or redis+cluster://host:port,…';

/** Reads an address; null: it is none. */
export function placeOf(url: string): Place | null {
  const match = /^([a-z+]+):\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?$/.exec(url);
  const scheme = kinds[match?.[1] as keyof typeof kinds];
  if (match === null || scheme === undefined) return null;
  const nodes = (match[3] ?? '').split(',').map((text) => nodeOf(text, scheme.port));
  if (nodes.includes(null) || (scheme.kind === 'single' && nodes.length > 1)) return null;
  const known = nodes.filter((node) => node !== null);
  const path = (match[4] ?? '').split('/');
  const access = { tls: scheme.tls, ...accessOf(match[2]) };
  if (scheme.kind !== 'sentinel') return placed({ kind: scheme.kind, nodes: known }, access, path[0]);
  const [master = '', db] = path;
  return master === '' ? null : placed({ kind: 'sentinel', nodes: known, master }, access, db);
}

function placed(servers: Servers, access: Omit<Access, 'db'>, db = ''): Place | null {
  if (!/^\d{0,4}$/.test(db) || (servers.kind === 'cluster' && Number(db) !== 0)) return null;
  return { ...servers, ...access, db: Number(db) };
}

function nodeOf(text: string, fallback: number): Node | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/.exec(text);
  const port = Number(match?.[2] ?? fallback);
  if (match?.[1] === undefined || port < 1 || port > 65_535) return null;
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

function accessOf(text: string | undefined): Pick<Access, 'username' | 'password'> {
  if (text === undefined) return {};
  const [user = '', ...rest] = text.split(':');
  const password = decodeURIComponent(rest.join(':'));
  return user === '' ? { password } : { username: decodeURIComponent(user), password };
}
