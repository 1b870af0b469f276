/** What a server does in tests of the dialects: it lets users in and back, and tells them of others. */
import { type Member, nothingPassed } from '@holdfast/core';
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

export function member(uid: number, change: Partial<Member> = {}): Member {
  const about = { uid, account: '', join: 1, platform: 'linux', role: 'host', gone: 'no' } as const;
  return { ...about, streams: [stream()], passed: nothingPassed, ...change };
}

export function stream(change = {}) {
  return { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false, ...change };
}
