import type { Model } from './model.ts';
import type { Said } from './speech.ts';
import type { Channel, Client } from './world.ts';

/** What an entry weighs besides its payload, at most. */
const entryBytes = 512;
/** Entries that one connection, one change of a user, and one silence of a user put into the log, at most. */
const entriesEach = 4;
const silenceMs = 4_000;

/** What a channel's log can replay (contract, section 1), as far as the facts tell. */
export class History {
  private readonly model: Model;

  constructor(model: Model) {
    this.model = model;
  }

  /** C-34, C-59: between two times the log was lost, with its only servers or with the channel. */
  lost(channel: Channel, from: number, to: number): boolean {
    if (this.model.world.blackouts.some((dark) => dark.from >= from && dark.from <= to)) return true;
    return channel.incarnations.some(({ t, event }) => event === 'destroyed' && t >= from && t <= to);
  }

  /** In the log before a client came. What was not acknowledged may be sent again when the log is lost. */
  before({ message, loggedBy, acknowledgedBy }: Said, { channel, firstHeardAt }: Client): boolean {
    if (acknowledgedBy < firstHeardAt) return true;
    return loggedBy < firstHeardAt && !this.lost(channel, message.t, acknowledgedBy);
  }

  /** Everything from a message on was within the bounds at a time. */
  holds(channel: Channel, { message }: Said, t: number): boolean {
    const { history } = this.model.world;
    let entries = this.otherEntries(channel, message.t, t);
    let bytes = entries * entryBytes;
    for (const user of channel.users.values()) {
      for (const said of this.model.speech(user)) {
        if (said.loggedBy < message.t || said.message.t > t) continue;
        entries += 1;
        bytes += said.message.bytes + entryBytes;
      }
    }
    return entries <= history.entries && bytes <= history.bytes && t - message.t < history.ageMs;
  }

  /** What members do goes into the same log. */
  private otherEntries(channel: Channel, from: number, to: number): number {
    let entries = 0;
    for (const user of channel.users.values()) {
      entries += entriesEach * (1 + (to - from) / silenceMs);
      for (const client of user.clients) {
        entries += client.updates.filter((update) => update.t <= to).length;
        for (const { firstHeardAt } of client.connections.values()) {
          if (firstHeardAt <= to && firstHeardAt >= from - silenceMs) entries += entriesEach;
        }
      }
    }
    return entries;
  }
}
