/** What happens to the users of a server that is gone, in Redis (C-52). */
import type { Member } from '@holdfast/core';
import type { Claim } from '../store.ts';
import type { Argument, Reply } from './link.ts';
import type { Names } from './names.ts';
import { readMember } from './records.ts';
import { adopt, channelsOf, held, type Script } from './scripts.ts';

export interface AdoptingHost {
  readonly name: string;
  readonly names: Names;
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply>;
  note(channel: string, present: boolean): Promise<void>;
}

/** The channels in which a server may have users. */
export async function channelsHeldBy(host: AdoptingHost, server: string): Promise<string[]> {
  const reply = (await host.run(channelsOf, [host.names.channelsOf(server)], [])) as Buffer[];
  return reply.map(String);
}

/** The users whom this server holds in a channel. */
export async function heldIn(host: AdoptingHost, channel: string): Promise<Claim[]> {
  const reply = (await host.run(held, host.names.channel(channel), [host.name])) as Buffer[];
  return reply.map((pair) => {
    const [uid = 0, fence = 0] = String(pair).split(' ').map(Number);
    return { uid, fence };
  });
}

/** Takes the users of a server over in one channel; those that another survivor has taken are not among them. */
export async function adopted(
  host: AdoptingHost,
  channel: string,
  server: string,
): Promise<{ claim: Claim; member: Member }[]> {
  await host.note(channel, true);
  const reply = (await host.run(adopt, host.names.channel(channel), [host.name, server])) as Buffer[][];
  return reply.flatMap(([uid, stay, member, sent]) => {
    if (stay === undefined || member === undefined || sent === undefined) return [];
    const claim = { uid: Number(uid), fence: Number.parseInt(String(stay), 10) };
    return [{ claim, member: readMember(member, sent) }];
  });
}
