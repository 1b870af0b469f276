/** What the log and a Welcome say, as the app is told of it. */
import type { Member, Position, Sent } from '../../presence/index.ts';
import type { Entries, Entry, Message, Welcome } from '../../wire/frames.ts';
import type { Stay } from './asking.ts';
import type { Context } from './context.ts';
import type { GapReason } from './types.ts';

/** What came on a connection; false: entries are missing. */
export function takeInOrder(context: Context, stay: Stay, frames: readonly (Entries | Welcome)[]): boolean {
  return frames.every((frame) => {
    if (frame.type === 'entries') return takeEntries(context, stay, frame);
    takeWelcome(context, frame, stay.position);
    stay.position = frame.position;
    context.media({ type: 'media-place', ...frame.media });
    return true;
  });
}

/** The next entries of the log; those that were there already are skipped. False: some are missing before them. */
function takeEntries(context: Context, stay: Stay, { first, entries }: Entries): boolean {
  const { position } = stay;
  if (!sameLog(first, position) || first.seq > position.seq + 1) return false;
  for (const entry of entries.slice(position.seq + 1 - first.seq)) takeEntry(context, stay, entry);
  stay.position = { ...position, seq: Math.max(position.seq, first.seq + entries.length - 1) };
  return true;
}

function takeEntry(context: Context, { uid, join, position }: Stay, entry: Entry): void {
  if (entry.type === 'member') {
    context.tell(context.picture.apply(entry.member));
    if (entry.member.uid !== uid) takeSent(context, position, entry.member);
  } else if (entry.type === 'message') {
    const { message } = entry;
    if (message.uid !== uid) takeMessage(context, message);
    else if (message.join === join) takeReceived(context, message);
  }
}

/** In the log in which this stay began, what a member had sent before shows only that a server lost it to others (C-59). */
function takeSent(context: Context, position: Position, member: Member): void {
  const { inbox, begunIn } = context;
  if (begunIn !== null && sameLog(begunIn, position)) inbox.known(member);
  context.missing(inbox.state(member), 'log-lost');
}

function takeMessage(context: Context, message: Message): void {
  const { uid, stream, data, sentAt } = message;
  const { fresh, account, missed } = context.inbox.message(message);
  context.missing(missed, 'log-lost');
  if (fresh) context.notice({ type: 'message', uid, account, stream, data, sentAt });
}

function takeReceived(context: Context, sent: Omit<Sent, 'join'>): void {
  for (const { stream, number } of context.outbox.received(sent))
    context.notice({ type: 'acknowledged', stream, number });
}

/** The truth after an absence: who is here, and which messages will never come (C-22, C-62). */
export function takeWelcome(context: Context, welcome: Welcome, before: Position): void {
  const { picture, inbox } = context;
  for (const sent of welcome.received) takeReceived(context, sent);
  const present = picture.members().map(({ uid }) => uid);
  context.tell(picture.take(welcome));
  const others = welcome.members.filter(({ uid }) => uid !== welcome.uid);
  const missed = welcome.complete
    ? inbox.states(others, present)
    : others.flatMap((member) => inbox.state(member));
  context.missing(missed, gapReason(before, welcome.position));
}

function gapReason(before: Position, position: Position): GapReason {
  if (sameLog(before, position)) return 'history';
  return before.incarnation === position.incarnation ? 'log-lost' : 'destroyed';
}

function sameLog(one: Position, other: Position): boolean {
  return one.incarnation === other.incarnation && one.epoch === other.epoch;
}
