import { never } from './client-facts.ts';
import { isFenced } from './takeover.ts';
import type { Client, Interval, Message, User } from './world.ts';

/** A message in the order in which its user said things, which everybody must hear (C-60). */
export interface Said {
  readonly message: Message;
  readonly client: Client;
  /** Among all that the user said. */
  readonly order: number;
  /**
   * By when the channel's log had it, as far as the facts tell; Infinity if it may never have. What comes after it
   * from the same client is no earlier in the log.
   */
  readonly loggedBy: number;
  /** By when the sender knew, so that it never sends it again. */
  readonly acknowledgedBy: number;
  /** C-41: said on a connection that another one had surely taken over. */
  readonly fenced: boolean;
}

/** Everything that a user's clients said: older clients first, since a newer one ends the older (C-40, C-41). */
export function speechOf(user: User, blackouts: readonly Interval[]): Said[] {
  const clients = user.clients.filter(({ sent }) => sent.length > 0);
  clients.sort((one, other) => (one.enteredFrom < other.enteredFrom ? -1 : 1));
  const speech: Said[] = [];
  for (const client of clients) {
    for (const said of saidBy(client, speech.length, blackouts)) speech.push(said);
  }
  return speech;
}

function saidBy(client: Client, before: number, blackouts: readonly Interval[]): Said[] {
  const said: Said[] = [];
  let loggedBy = never;
  let acknowledgedBy = never;
  for (let i = client.sent.length - 1; i >= 0; i--) {
    const message = client.sent[i] as Message;
    acknowledgedBy = Math.min(acknowledgedBy, message.acknowledgedAt);
    loggedBy = Math.min(loggedBy, acknowledgedBy, message.toldAt);
    const fenced = isFenced(client, message.t, blackouts);
    said.push({ message, client, order: before + i, loggedBy, acknowledgedBy, fenced });
  }
  return said.reverse();
}
