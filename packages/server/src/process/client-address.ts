import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Which proxies are believed about their clients: addresses and networks, or how many there are in a row. */
export interface ProxyTrust {
  readonly proxies: readonly string[];
  readonly header: 'x-forwarded-for' | 'forwarded';
}

/** Where a request comes from, as far as trusted proxies say (C-82). What others say about that is not looked at. */
export class ClientAddresses {
  readonly #trusts: (address: string, hop: number) => boolean;
  readonly #header: ProxyTrust['header'];

  constructor({ proxies, header }: ProxyTrust) {
    this.#trusts = trustIn(proxies);
    this.#header = header;
  }

  isProxy(peer: string): boolean {
    return this.#trusts(peer, 0);
  }

  /** The nearest address that is no trusted proxy's. */
  of({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    let address = socket.remoteAddress ?? '';
    const told = headers[this.#header];
    const hops = hopsIn(Array.isArray(told) ? told.join(',') : (told ?? ''), this.#header);
    for (let hop = 0; this.#trusts(address, hop); hop += 1) {
      const next = hops.pop();
      // A proxy that hides its client, or does not know it: then the client is the proxy.
      if (next === undefined || isIP(next) === 0) return address;
      address = next;
    }
    return address;
  }
}

function trustIn(proxies: readonly string[]): (address: string, hop: number) => boolean {
  const [first = ''] = proxies;
  // In a storm every connection asks twice.
  if (first === '') return () => false;
  if (/^\d+$/.test(first)) return (_, hop) => hop < Number(first);
  const trusted = new BlockList();
  for (const each of proxies) {
    const [network = '', prefix] = each.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) trusted.addAddress(network, family);
    else trusted.addSubnet(network, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** The addresses that a header lists, the nearest last; a port and brackets are not part of one. */
function hopsIn(text: string, header: ProxyTrust['header']): string[] {
  if (text === '') return [];
  const all = text.split(',').map((item) => item.trim());
  const named = header === 'forwarded' ? all.map(forOf) : all;
  return named.map((hop) =>
    hop.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1'),
  );
}

/** The `for` of one element of a Forwarded header (RFC 7239). */
function forOf(element: string): string {
  const pair = element.split(';').find((each) => /^\s*for=/i.test(each)) ?? '';
  return pair
    .replace(/^\s*for=/i, '')
    .trim()
    .replace(/^"(.*)"$/, '$1');
}
