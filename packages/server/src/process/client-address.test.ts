import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ClientAddresses, type ProxyTrust } from './client-address.ts';

const trusted = ['10.0.0.0/8', '2001:db8::/32', '192.168.1.1'];

test.each<[string, string[], string, IncomingHttpHeaders, string]>([
  ['nobody is trusted', [], '10.0.0.1', xff('1.2.3.4'), '10.0.0.1'],
  ['a stranger says where it comes from', trusted, '8.8.8.8', xff('1.2.3.4'), '8.8.8.8'],
  ['one proxy', trusted, '10.0.0.1', xff('1.2.3.4'), '1.2.3.4'],
  ['in the spelling of IPv6', trusted, '::ffff:10.0.0.1', xff('1.2.3.4'), '1.2.3.4'],
  ['an IPv6 proxy', trusted, '2001:db8::1', xff('2001:db9::2'), '2001:db9::2'],
  ['two proxies', trusted, '10.0.0.1', xff('1.2.3.4, 192.168.1.1'), '1.2.3.4'],
  ['what a client has added itself is not believed', trusted, '10.0.0.1', xff('9.9.9.9, 1.2.3.4'), '1.2.3.4'],
  ['a proxy says nothing', trusted, '10.0.0.1', {}, '10.0.0.1'],
  ['a proxy says nonsense', trusted, '10.0.0.1', xff('unknown'), '10.0.0.1'],
  ['with a port', trusted, '10.0.0.1', xff('1.2.3.4:5678'), '1.2.3.4'],
  ['IPv6 with a port', trusted, '10.0.0.1', xff('[2001:db9::2]:5678'), '2001:db9::2'],
  ['one proxy, by number', ['1'], '10.0.0.1', xff('9.9.9.9, 1.2.3.4'), '1.2.3.4'],
  ['two proxies, by number', ['2'], '10.0.0.1', xff('9.9.9.9, 1.2.3.4'), '9.9.9.9'],
  ['the other header is not looked at', trusted, '10.0.0.1', { forwarded: 'for=1.2.3.4' }, '10.0.0.1'],
])('C-82 %s', (_, proxies, peer, headers, client) => {
  expect(from({ proxies, header: 'x-forwarded-for' }, peer, headers)).toBe(client);
});

test.each([
  ['for=1.2.3.4', '1.2.3.4'],
  ['for=9.9.9.9, for=1.2.3.4;proto=https;by=10.0.0.1', '1.2.3.4'],
  ['proto=https;For="[2001:db9::2]:4711"', '2001:db9::2'],
  ['for=_hidden', '10.0.0.1'],
])('C-82 Forwarded: %s', (forwarded, client) => {
  const trust = { proxies: trusted, header: 'forwarded' } as const;
  expect(from(trust, '10.0.0.1', { forwarded, ...xff('5.5.5.5') })).toBe(client);
});

function from(trust: ProxyTrust, peer: string, headers: IncomingHttpHeaders): string {
  return new ClientAddresses(trust).of({ socket: { remoteAddress: peer } as Socket, headers });
}

function xff(text: string): IncomingHttpHeaders {
  return { 'x-forwarded-for': text };
}
