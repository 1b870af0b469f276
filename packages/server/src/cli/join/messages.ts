/** Messages as lines: what was sent as text is shown as text. */
import type { Meaning } from './client.ts';
import { bad, plain } from './words.ts';

/** Bytes as a plain value: `{"text": …}` where they are UTF-8, else `{"base64": …}`; everything else as it is. */
export function plainData(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const text = textOf(value);
  return text === null ? { base64: Buffer.from(value).toString('base64') } : { text };
}

/** What somebody has said. Control characters are not let through to the terminal. */
export function messageWords(sender: number | string, data: Uint8Array): Meaning {
  const text = textOf(data);
  if (text === null) return plain(`${sender} sends ${data.length} bytes`);
  return plain(`${sender} says: ${text.replace(/\p{Cc}/gu, '\ufffd')}`);
}

/** How many messages are missing; −1: unknown. */
export function missedWords(sender: number | string, missed: number): Meaning {
  const many = missed === -1 ? 'messages' : `${missed} message${missed === 1 ? '' : 's'}`;
  return bad(`${many} of ${sender} will not come`);
}

interface Gap {
  readonly uid: number | string;
  readonly missed: number;
  readonly from: number;
  readonly to: number;
  readonly reason: 'history' | 'destroyed' | 'log-lost';
}

/** Which ones, and why (C-62). */
export function gapWords({ uid, missed, from, to, reason }: Gap): Meaning {
  const which = missed === -1 ? `from number ${from} on` : `number ${from} to ${to}`;
  return bad(`${missedWords(uid, missed).words}: ${which}, ${reasons[reason]}`);
}

const reasons: Readonly<Record<Gap['reason'], string>> = {
  history: "older than the channel's history",
  destroyed: 'gone with the channel, which was destroyed',
  'log-lost': 'lost by the servers',
};

function textOf(data: Uint8Array): string | null {
  try {
    return utf8.decode(data);
  } catch {
    return null;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
