import { expect, test } from 'vitest';
import { isAllowed } from './origins.ts';

test.each<[string, string[], boolean, string | undefined, string, boolean]>([
  ['a program that is no browser', ['https://a.example'], false, undefined, 'rtc.example', true],
  ['a page on the list', ['https://a.example'], true, 'https://a.example', 'rtc.example', true],
  ['in capitals', ['https://A.example'], true, 'HTTPS://a.EXAMPLE', 'rtc.example', true],
  ['another port', ['https://a.example'], true, 'https://a.example:8443', 'rtc.example', false],
  ['another scheme', ['https://a.example'], true, 'http://a.example', 'rtc.example', false],
  [
    'a page of the server’s host that is not on the list',
    ['https://a.example'],
    true,
    'https://rtc.example',
    'rtc.example',
    false,
  ],
  ['a subdomain', ['https://*.example'], true, 'https://a.b.example', 'rtc.example', true],
  ['not the domain itself', ['https://*.a.example'], true, 'https://a.example', 'rtc.example', false],
  [
    'a name that only ends alike',
    ['https://*.a.example'],
    true,
    'https://evila.example',
    'rtc.example',
    false,
  ],
  ['all', ['*'], false, 'null', 'rtc.example', true],
  ['no list, with tokens', [], true, 'https://any.example', 'rtc.example', true],
  ['no list, without tokens: the same host', [], false, 'http://rtc.example:8080', 'rtc.example:7880', true],
  ['no list, without tokens: another host', [], false, 'https://evil.example', 'rtc.example', false],
  ['this machine under its names', [], false, 'http://localhost:3000', '127.0.0.1:7880', true],
  [
    'a page of the world at a server of this machine',
    [],
    false,
    'https://evil.example',
    '127.0.0.1:7880',
    false,
  ],
  ['a page from a file, where that is wanted', ['null'], false, 'null', 'rtc.example', true],
  ['a page of no origin', [], false, 'null', '127.0.0.1:7880', false],
])('C-82 %s', (_, origins, authenticates, origin, host, allowed) => {
  const headers = { host, ...(origin === undefined ? {} : { origin }) };
  expect(isAllowed({ headers }, { origins, authenticates, loopback: false })).toBe(allowed);
});

test.each([
  ['http://localhost:3000', '127.0.0.1:7880', true],
  ['http://[::1]:3000', 'localhost:7880', true],
  ['http://evil.example:7880', 'evil.example:7880', false],
])('C-82 on loopback, a page of %s that asks for %s', (origin, host, allowed) => {
  const rules = { origins: [], authenticates: false, loopback: true };
  expect(isAllowed({ headers: { origin, host } }, rules)).toBe(allowed);
});
