/** The client's timers are data: what may happen in a state by the mere passing of time. */
import { type ClientLimits, defaultLimits, recovery } from '../../contract/index.ts';
import type { Leave } from '../../wire/frames.ts';
import type { Stay } from './asking.ts';
import type { Link } from './link.ts';
import type { Outage } from './outage.ts';
import type { Search } from './search.ts';
import type { Deadline } from './types.ts';

export type ClientState =
  | { name: 'new' }
  /** Not yet in the channel. */
  | { name: 'joining'; since: number; lostTold: boolean; search: Search }
  /** In the channel, with or without a connection at the moment. */
  | {
      name: 'inside';
      stay: Stay;
      link: Link | null;
      outage: Outage | null;
      search: Search | null;
      /** No standby before this (C-10). */
      restUntil: number;
      /** The server whose connection was lost: another is tried first. */
      avoid: string | null;
    }
  /** The app has left; these transports may still carry the goodbye (C-14). */
  | {
      name: 'leaving';
      until: number;
      goodbye: Leave | null;
      carriers: Map<number, 'dialing' | 'asked' | 'sent'>;
    }
  | { name: 'ended' };

export type TimerName =
  | 'attempt'
  | 'ask'
  | 'overdue'
  | 'silent'
  | 'doubted'
  | 'interrupted'
  | 'lost'
  | 'give-up'
  | 'goodbye';

/** Every timer that runs in a state. */
export function timers(
  state: ClientState,
  own: Partial<ClientLimits>,
  patienceMs: number,
): Deadline<TimerName>[] {
  switch (state.name) {
    case 'joining': {
      const limits = { ...defaultLimits, ...own };
      const list = searching(state.search, patienceMs, false);
      if (!state.lostTold) list.push({ at: state.since + limits.lostMs, why: 'lost' });
      if (limits.giveUpMs !== null) list.push({ at: state.since + limits.giveUpMs, why: 'give-up' });
      return list;
    }
    case 'inside':
      return insideTimers(state, { ...state.stay.limits, ...own }, patienceMs);
    case 'leaving':
      return [{ at: state.until, why: 'goodbye' }];
    default:
      return [];
  }
}

function insideTimers(
  { stay, link, outage, search }: Extract<ClientState, { name: 'inside' }>,
  limits: ClientLimits,
  patienceMs: number,
): Deadline<TimerName>[] {
  const list = search === null ? [] : searching(search, patienceMs, link !== null);
  const { heardAt } = stay;
  if (link !== null && (link.trouble === null || link.trouble === 'deaf')) {
    list.push({ at: heardAt + link.standbyAfterMs, why: 'silent' });
    if (link.probe !== null) {
      list.push({ at: link.probe.at + Math.max(recovery.probeMs, patienceMs), why: 'doubted' });
    }
  }
  if (!outage?.interruptedTold) list.push({ at: heardAt + limits.interruptedMs, why: 'interrupted' });
  else if (!outage.lostTold) list.push({ at: heardAt + limits.lostMs, why: 'lost' });
  if (limits.giveUpMs !== null) list.push({ at: heardAt + limits.giveUpMs, why: 'give-up' });
  return list;
}

function searching(search: Search, patienceMs: number, besideLink: boolean): Deadline<TimerName>[] {
  const list: Deadline<TimerName>[] = [];
  const at = (time: number, why: TimerName) => {
    if (time !== Number.POSITIVE_INFINITY) list.push({ at: time, why });
  };
  at(search.nextAt, 'attempt');
  at(search.overdueAt(), 'overdue');
  at(search.mayAskAt(besideLink ? 0 : patienceMs), 'ask');
  return list;
}

/** The earliest of some timers; of two at the same time the one listed first. */
export function nextDeadline(list: readonly Deadline<TimerName>[]): Deadline<TimerName> | null {
  let next: Deadline<TimerName> | null = null;
  for (const timer of list) if (next === null || timer.at < next.at) next = timer;
  return next;
}
