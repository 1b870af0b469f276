/** What a server does in tests of the dialects: it lets users in and back, and tells them of others. */
import { type Member, type Message, nothingPassed } from '@holdfast/core';
import { granted, type VirtualHost } from '../driver/virtual-host.ts';

/** The server lets the newest connection's join succeed. */
export async function admit(host: VirtualHost, uid = 7) {
  await host.settle();
  host.latest.open().answer(granted.welcome(uid));
  await host.settle();
}

/** The server lets the newest attempt back in. */
export async function resume(host: VirtualHost) {
  host.latest.open();
  await host.pass(1_000);
  const asked = host.connections.findLast((connection) => connection.sent('resume').length > 0);
  if (asked === undefined) throw new Error('nobody asked to come back');
  if (asked.sent('resume')[0]?.standby) asked.answer({ type: 'standby-ready' });
  asked.answer(granted.welcome(7));
  await host.settle();
  return asked;
}

/** The channel's log grows. */
export function entries(host: VirtualHost, seq: number, ...members: Member[]) {
  const first = { incarnation: 'first', epoch: 1, seq };
  const list = members.map((changed) => ({ type: 'member', member: changed }) as const);
  host.latest.answer({ type: 'entries', first, entries: list });
}

/** The channel's log grows by messages. */
export function messages(host: VirtualHost, seq: number, ...list: Message[]) {
  const first = { incarnation: 'first', epoch: 1, seq };
  const all = list.map((sent) => ({ type: 'message', message: sent }) as const);
  host.latest.answer({ type: 'entries', first, entries: all });
}

/** A message of somebody in its first join. */
export function message(uid: number, number: number, text: string, change: Partial<Message> = {}): Message {
  const data = new TextEncoder().encode(text);
  return { uid, join: 1, stream: 1, number, data, sentAt: 1_700_000_000_000, ...change };
}

export function member(uid: number, change: Partial<Member> = {}): Member {
  const about = { uid, account: '', join: 1, platform: 'linux', role: 'host', gone: 'no' } as const;
  return { ...about, streams: [stream()], passed: nothingPassed, sent: [], ...change };
}

export function stream(change = {}) {
  return { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false, ...change };
}
