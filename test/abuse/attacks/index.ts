import type { Attack } from './attack.ts';
import * as floods from './floods.ts';
import * as frames from './frames.ts';
import * as impostors from './impostors.ts';
import * as readers from './readers.ts';

/** By the name that `--attack` takes. */
export const attacks: Readonly<Record<string, Attack>> = {
  malformed: frames.malformed,
  oversized: frames.oversized,
  unknown: frames.unknown,
  'out-of-order': frames.outOfOrder,
  connections: floods.connections,
  joins: floods.joins,
  messages: floods.messages,
  frames: floods.frames,
  'slow-loris': floods.slowLoris,
  'never-reads': readers.neverReads,
  bombs: readers.bombs,
  'replayed-resumes': impostors.replayedResumes,
  'stolen-session': impostors.stolenSession,
  fenced: impostors.fenced,
  names: impostors.names,
  tokens: impostors.tokens,
  /** From the honest users' own address. */
  school: floods.connections,
};

/** The attacks that a word means: `names+tokens` are two at the same time. */
export function namesIn(word: string): string[] {
  return word.split('+');
}
