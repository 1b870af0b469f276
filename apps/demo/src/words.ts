/** What the numbers of native and apple mean. */
import type { Status } from './client.ts';

/** @throws Error where a method of an engine returned an error code */
export function refusedBy(code: number, textOf: (code: number) => string): void {
  if (code < 0) throw new Error(`${textOf(code)} (${code})`);
}

/** What both engines send messages with. */
interface DataSender {
  createDataStream(config: { ordered: boolean }): number;
  sendStreamMessage(streamId: number, data: Uint8Array): number;
}

/** Sends texts on one data stream, created with the first. */
export function textSender(engine: DataSender, textOf: (code: number) => string): (text: string) => void {
  let stream = 0;
  return (text) => {
    if (stream <= 0) stream = engine.createDataStream({ ordered: true });
    refusedBy(stream, textOf);
    refusedBy(engine.sendStreamMessage(stream, new TextEncoder().encode(text)), textOf);
  };
}

const reasonLost = 16;

/** The state as the page shows it: a lost connection is still being looked for, but has a colour of its own. */
export function statusOf(state: number, reason: number): Status {
  if (state === 4) return reason === reasonLost ? 'lost' : 'reconnecting';
  const statuses: Readonly<Record<number, Status>> = { 2: 'joining', 3: 'connected', 5: 'failed' };
  return statuses[state] ?? 'out';
}

/** `ConnectionStateReconnecting`, `ConnectionChangedLost` → `RECONNECTING, LOST`. */
export function connectionMeaning(state = '', reason = ''): string {
  return `${shout(state.replace('ConnectionState', ''))}, ${shout(reason.replace('ConnectionChanged', ''))}`;
}

export function offlineWords(reason = ''): string {
  return shout(reason.replace('UserOffline', ''));
}

function shout(words: string): string {
  return words.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
