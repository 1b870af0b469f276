import { expect, test } from 'vitest';
import { endsByItself, iceServersFor } from './turn.ts';

const turn = { urls: ['turn:turn.example.com:3478?transport=tcp'], username: '', credential: '' };
const stun = { urls: ['stun:stun.example.com'], username: '', credential: '' };
const fixed = { urls: ['turn:other.example.com'], username: 'u', credential: 'p' };
const now = Date.UTC(2026, 0, 1);

test('a client gets credentials of its own, good for so long', () => {
  const options = { iceServers: [stun, turn, fixed], secret: 'north', seconds: 600 };
  const [one, two, three] = iceServersFor(7, options, now);
  expect([one, three]).toEqual([stun, fixed]);
  // printf 1767226200:7 | openssl dgst -sha1 -hmac north -binary | base64
  expect(two).toEqual({ ...turn, username: '1767226200:7', credential: 'hlicOI+yZIm/IAvlfABxO8fhA/U=' });
  expect(iceServersFor(8, options, now)[1]?.credential).not.toBe(two?.credential);
  expect(endsByItself(options)).toBe(true);
});

test('without a secret, or without a server that wants credentials, nothing is made', () => {
  expect(iceServersFor(7, { iceServers: [turn], secret: null, seconds: 600 }, now)).toEqual([turn]);
  expect(endsByItself({ iceServers: [turn], secret: null, seconds: 600 })).toBe(false);
  expect(endsByItself({ iceServers: [stun, fixed], secret: 'north', seconds: 600 })).toBe(false);
});
