/** What kind of network the machine is on, as far as its system says. */

/** In the order of the numbers that programs know: −1 is unknown, 0 disconnected, and so on. */
export const networkTypes = ['unknown', 'disconnected', 'lan', 'wifi', '2g', '3g', '4g', '5g'] as const;
export type NetworkType = (typeof networkTypes)[number];

/** The number of native and apple. */
export function networkNumber(type: NetworkType): number {
  return networkTypes.indexOf(type) - 1;
}

/** Chromium's `navigator.connection`: which members it has depends on the system. */
interface Connection {
  readonly type?: string;
  readonly effectiveType?: string;
}

/** By what a browser says of itself. */
export function browserNetworkType(onLine: boolean | undefined, connection?: Connection): NetworkType {
  if (onLine === false || connection?.type === 'none') return 'disconnected';
  if (connection?.type === 'cellular') return cellular[connection.effectiveType ?? ''] ?? 'unknown';
  return named[connection?.type ?? ''] ?? 'unknown';
}

const named: Readonly<Record<string, NetworkType>> = { ethernet: 'lan', wifi: 'wifi' };
const cellular: Readonly<Record<string, NetworkType>> = {
  'slow-2g': '2g',
  '2g': '2g',
  '3g': '3g',
  '4g': '4g',
};

/** By the names of the interfaces that have addresses, loopback aside, as systems give them. */
export function machineNetworkType(interfaces: readonly string[]): NetworkType {
  if (interfaces.length === 0) return 'disconnected';
  if (interfaces.some((name) => /^(eth|en[opsx])/i.test(name))) return 'lan';
  return interfaces.some((name) => /^(wl|wi-?fi)/i.test(name)) ? 'wifi' : 'unknown';
}
