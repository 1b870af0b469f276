/** How origins and proxies are written (C-82). */
import { isIP } from 'node:net';

/** `*`, `null`, `https://app.example.org:8443`, `https://*.example.org`, `capacitor://localhost`. */
export const originPattern = /^(?:\*|null|[a-z][a-z0-9+.-]*:\/\/(?:\*\.)?[^/*\s]+)$/i;

/** An address, a network, or the number of proxies in a row. */
export function isProxy(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) >= 1 && Number(text) <= 32;
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}
