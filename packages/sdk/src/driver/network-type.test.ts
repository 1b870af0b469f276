import { expect, test } from 'vitest';
import { browserNetworkType, machineNetworkType, networkNumber } from './network-type.ts';

test.each([
  [undefined, undefined, 'unknown', -1],
  [false, { type: 'wifi' }, 'disconnected', 0],
  [true, { type: 'none' }, 'disconnected', 0],
  [true, { type: 'ethernet' }, 'lan', 1],
  [true, { type: 'wifi', effectiveType: '4g' }, 'wifi', 2],
  [true, { type: 'cellular', effectiveType: 'slow-2g' }, '2g', 3],
  [true, { type: 'cellular', effectiveType: '4g' }, '4g', 5],
  [true, { type: 'cellular' }, 'unknown', -1],
  // Chromium on a desktop says how fast it seems, and not what it is.
  [true, { effectiveType: '4g' }, 'unknown', -1],
] as const)(
  'a browser that says online %j and %j is on %s, number %i',
  (onLine, connection, type, number) => {
    expect(browserNetworkType(onLine, connection)).toBe(type);
    expect(networkNumber(type)).toBe(number);
  },
);

test.each([
  [[], 'disconnected'],
  [['eth0', 'docker0'], 'lan'],
  [['enp3s0', 'wlan0'], 'lan'],
  [['Ethernet'], 'lan'],
  [['wlp2s0'], 'wifi'],
  [['Wi-Fi'], 'wifi'],
  // On a Mac the first interface may be either.
  [['en0'], 'unknown'],
  [['tun0'], 'unknown'],
] as const)('a machine with the interfaces %j is on %s', (interfaces, type) => {
  expect(machineNetworkType(interfaces)).toBe(type);
});
