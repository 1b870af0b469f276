/** The same outage in words, for those who do not see the drawing. */
import type { Drawn } from './draw.ts';
import { endWords, nameOfAddress, serverNotes, toldNotes } from './layout.ts';

export interface Line {
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
}

/** What happened, in its order. Of many attempts only those that got an answer are told. */
export function wordsOf({ record, names, urls }: Drawn): Line[] {
  const answered = record.attempts.filter(({ openedMs }) => openedMs !== null);
  const lines = [
    { atMs: 0, who: 'network', what: 'the last packet' },
    ...record.noticed.map(({ atMs, what }) => ({ atMs, who: 'SDK', what: `noticed: ${what}` })),
    ...answered.map(({ startedMs, url, outcome }) => ({
      atMs: startedMs,
      who: 'SDK',
      what: `attempt ${nameOfAddress(url, urls)}: ${outcome}`,
    })),
    ...toldNotes(record, names).map(({ atMs, text }) => ({ atMs, who: 'app', what: text })),
    ...serverNotes(record).map(({ atMs, text }) => ({ atMs, who: 'server', what: text })),
    { atMs: record.endedMs, who: 'SDK', what: endWords[record.end] },
  ];
  return lines.sort((a, b) => a.atMs - b.atMs);
}
