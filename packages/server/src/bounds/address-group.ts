import { isIPv6 } from 'node:net';

/**
 * What counts as one address (C-81): an IPv4 address, also in its IPv6 spelling; of IPv6 the first 64 bits, for
 * whoever has one address of such a network has them all.
 */
export function addressGroup(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  if (mapped?.[1] !== undefined) return mapped[1];
  return isIPv6(bare) ? `${networkOf(bare)}::/64` : bare;
}

function networkOf(address: string): string {
  const [before = '', after] = address.toLowerCase().split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const missing = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
