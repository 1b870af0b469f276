import type { Callback, Fact } from '../trace.ts';
import { sameUidLogin } from './takeover.ts';
import type { Client, Connection, Interval, Message, Received } from './world.ts';

export const never = Number.POSITIVE_INFINITY;

export type Of<T extends Fact['type']> = Extract<Fact, { type: T }>;

export function lasting(from: number): Interval {
  return { from, to: never };
}

export function close(intervals: Interval[], t: number): void {
  const last = intervals.at(-1);
  if (last !== undefined && last.to === never) last.to = t;
}

function connectionOf(client: Client, name: string, server: string): Connection {
  let connection = client.connections.get(name);
  if (connection === undefined) {
    connection = {
      name,
      client,
      server,
      firstHeardAt: never,
      heardCount: 0,
      firstReadAt: never,
      lastReadAt: Number.NEGATIVE_INFINITY,
      readCount: 0,
    };
    client.connections.set(name, connection);
  }
  return connection;
}

export function addHeard(fact: Of<'server-read'>, client: Client, position: number): void {
  const { t, arrived, goodbye } = fact;
  const connection = connectionOf(client, fact.connection, fact.server);
  const first = connection.heardCount === 0;
  if (first) connection.firstHeardAt = t;
  connection.heardCount += 1;
  client.firstHeardAt = Math.min(client.firstHeardAt, t);
  if (goodbye) client.goodbyeAt = Math.min(client.goodbyeAt, t);
  const packet = { t, arrived, position, connection, goodbye, first, sure: true };
  client.heard.push(packet);
  client.user.heard.push(packet);
  client.channel.heard.push(packet);
}

export function addRead(fact: Of<'client-read'>, client: Client, position: number): void {
  const { t, arrived } = fact;
  const connection = connectionOf(client, fact.connection, fact.server);
  const first = connection.readCount === 0;
  if (first) connection.firstReadAt = t;
  connection.readCount += 1;
  connection.lastReadAt = t;
  client.reads.push({ t, arrived, position, connection, goodbye: false, first, sure: true });
}

export function addTold(fact: Of<'callback'>, client: Client, position: number): void {
  const { t, callback } = fact;
  if (callback.name === 'message' || callback.name === 'gap') {
    addReceived({ t, position, callback }, client);
    return;
  }
  const read = client.reads.at(-1);
  const via = read !== undefined && read.t === t ? read.connection : null;
  const told = { t, position, callback, via, readAt: read?.t ?? Number.NEGATIVE_INFINITY };
  const before = client.told.at(-1)?.callback;
  client.told.push(told);
  switch (callback.name) {
    case 'join-success':
      client.successAt = Math.min(client.successAt, t);
      break;
    case 'left':
      if (client.leftAt === never) client.ends.left = position;
      client.leftAt = Math.min(client.leftAt, t);
      break;
    case 'failed':
      if (client.failedAt === never) {
        client.failedAt = t;
        client.ends.failed = position;
        client.failedReason = failedReason(before, callback.code);
      }
      break;
    case 'peer-joined':
    case 'peer-offline':
    case 'stream-added':
    case 'stream-removed': {
      const about = client.about.get(callback.uid);
      if (about === undefined) client.about.set(callback.uid, [told]);
      else about.push(told);
      break;
    }
    default:
      break;
  }
}

function addReceived(received: Received, client: Client): void {
  const { uid } = received.callback;
  const list = client.received.get(uid);
  if (list === undefined) client.received.set(uid, [received]);
  else list.push(received);
}

export function addSent({ t, message, stream, bytes }: Of<'send'>, client: Client): Message {
  const sent = { t, name: message, client, index: client.sent.length, stream, bytes };
  const taken = { ...sent, acknowledgedAt: never, toldAt: never };
  client.sent.push(taken);
  return taken;
}

/** Web apps learn the reason by its code alone. */
function failedReason(before: Callback | undefined, code: string): number | null {
  if (before?.name === 'state') return before.reason;
  return code === 'UID_CONFLICT' || code === 'SAME_UID_LOGIN' ? sameUidLogin : null;
}

export function addCut(fact: Of<'cut'>, client: Client): void {
  if (!fact.up && !fact.down) {
    heal(client, fact.server, fact.t);
    return;
  }
  const open = client.cuts.some((cut) => cut.server === fact.server && cut.to === never);
  if (!open) client.cuts.push({ ...lasting(fact.t), server: fact.server, whole: fact.up && fact.down });
}

/** Healing the whole path heals what was cut towards single servers too. */
export function heal(client: Client, server: string | null, t: number): void {
  for (const cut of client.cuts) {
    if (cut.to === never && (server === null || cut.server === server)) cut.to = t;
  }
}
