/** What Redis answers when it is asked for a channel, read. */
import type { Profile } from '@holdfast/core';
import { StoreUnavailable } from '../unavailable.ts';
import type { Sight } from './channel.ts';
import { placeIn, type RedisRecord, readMember, readRecord } from './records.ts';
import type { Placed } from './retained.ts';

export const nothingSeen: Sight = {
  facts: { alive: false, profile: 'communication', users: 0, joins: 0 },
  position: { incarnation: '', epoch: 1, seq: 0 },
  record: () => undefined,
};

/** @param reply what `look` answers for these users */
export function sightOf(uids: readonly number[], reply: readonly Buffer[]): Sight {
  const [life, epoch, seq, joins, profile, users, ...rest] = reply;
  const records = new Map<number, RedisRecord>();
  const orphans = new Set<number>();
  uids.forEach((uid, index) => {
    const [stay, member, sent] = rest.slice(3 * index, 3 * index + 3);
    if (stay === undefined || member === undefined || sent === undefined) return;
    const record = readRecord(uid, stay, member, sent);
    if (record !== undefined) records.set(uid, record);
    else if (member.length > 0) orphans.add(uid);
  });
  const incarnation = String(life);
  return {
    facts: {
      alive: incarnation !== '',
      profile: String(profile) as Profile,
      users: Number(users),
      joins: Number(joins),
    },
    position: { incarnation, epoch: Number(epoch), seq: Number(seq) },
    record(uid) {
      if (orphans.has(uid)) throw new StoreUnavailable('it has lost a stay, whose server will put it back');
      return records.get(uid);
    },
  };
}

/** The members of a channel, of what `read` answers. */
export function membersIn(members: readonly Buffer[], sent: readonly Buffer[]): Placed[] {
  const all = pairsOf(sent);
  return [...pairsOf(members)].map(([uid, kept]) => {
    return { member: readMember(kept, all.get(uid) ?? empty), ...placeIn(kept) };
  });
}

const empty = Buffer.alloc(0);

function pairsOf(list: readonly Buffer[]): Map<string, Buffer> {
  const pairs = new Map<string, Buffer>();
  for (let index = 0; index + 1 < list.length; index += 2)
    pairs.set(String(list[index]), list[index + 1] ?? empty);
  return pairs;
}
