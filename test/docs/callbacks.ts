/** The tables of docs/callbacks.md, written from the promises that the conformance suite judges by. */
import { type Call, type Class, type Dialect, dialectOf, type Platform } from '../conformance/dialects.ts';
import { PacketLog } from '../conformance/packets.ts';
import { deathOf, ownOutage, type Played, promptly, silenceOf } from '../conformance/promises.ts';

const platforms = { native: 'android', apple: 'ios', web: 'web' } as const satisfies Record<Class, Platform>;
const heads = 'native: android, windows, linux | apple: ios, macos | web';

type Row = readonly [situation: string, told: (platform: Platform) => readonly Call[]];

const me = { channel: 'channel', uid: 1_001 };
const other = { uid: 1_002, publishes: true };
const says = (ask: (dialect: Dialect) => Call[]) => (platform: Platform) => ask(dialectOf(platform, me));

const own = (ms: number, isBack: boolean) => (platform: Platform) => {
  const played = channel(platform, 'android');
  return ownOutage(played, 'B', ms, isBack ? promptly(played, 'healed', 0) : undefined);
};
const silent = (ms: number, isBack: boolean) => (platform: Platform) =>
  silenceOf(channel(platform, 'android'), 'B', 'A', { ms, ...(isBack && { back: 'healed' }) });
const killed = (a: Platform, ms: number, isBack: boolean) => (platform: Platform) =>
  deathOf(channel(platform, a), 'B', 'A', { ms, ...(isBack && { back: 'started' }) });

const forever = Number.POSITIVE_INFINITY;

const ofOneself: Row[] = [
  ['joined', says((dialect) => dialect.joined())],
  ['nothing received for less than 4 s', own(3_999, true)],
  ['nothing received for 4 s', own(4_000, false)],
  [
    'nothing received for 10 s: also',
    (platform) => own(10_000, false)(platform).slice(own(4_000, false)(platform).length),
  ],
  ['back in the channel, after 4 s or more', says((dialect) => dialect.back())],
  ['left, by `leaveChannel` or `leave`', says((dialect) => dialect.left('connected'))],
  ['the same uid joins elsewhere', says((dialect) => dialect.failed('replaced', 'connected'))],
  ['the token expires within 30 s', says((dialect) => dialect.tokenWillExpire())],
  ['the token has expired', says((dialect) => dialect.tokenRequested())],
  ['30 s later, without another token', says((dialect) => dialect.failed('token expired', 'connected'))],
  ['banned, or the channel is closed', says((dialect) => dialect.failed('banned', 'connected'))],
  ['a join with a token that is not valid', says((dialect) => dialect.failed('invalid token', 'connecting'))],
  ['a join with the other profile', says((dialect) => dialect.failed('other profile', 'connecting'))],
  ['a host that publishes becomes audience', says((dialect) => dialect.becameAudience())],
];

const ofAnother: Row[] = [
  ['is there', says((dialect) => dialect.appeared(other))],
  ['is silent for less than 10 s, and back', silent(9_999, true)],
  ['is silent for 10 s to 20 s, and back', silent(19_999, true)],
  ['is silent for 20 s', silent(forever, false)],
  ['is silent for 20 s, and back', silent(24_000, true)],
  ['leaves', says((dialect) => dialect.quit(other.uid))],
  ['becomes audience', says((dialect) => dialect.demoted(other.uid))],
];

const ofAnEnd: Row[] = [
  ['android, windows, linux, web: restarted within 10 s', killed('android', 9_999, true)],
  ['android, windows, linux, web: restarted within 10 s to 20 s', killed('android', 19_999, true)],
  ['android, windows, linux, web: stays away', killed('android', forever, false)],
  ['ios, macos: ends in order', says((dialect) => dialect.quit(other.uid))],
  ['ios, macos: killed, restarted within 4 s', killed('ios', 3_999, true)],
  ['ios, macos: killed, stays away', killed('ios', forever, false)],
];

/** By the heading under which each stands in the document. */
export const tables: Readonly<Record<string, string>> = {
  'What one is told of oneself': written('situation', ofOneself),
  'What one is told of another user': written('the other user…', ofAnother),
  'What one is told when a process ends or a page is closed': written("the other user's process…", ofAnEnd),
};

function written(first: string, rows: readonly Row[]): string {
  const lines = rows.map(([situation, told]) => {
    const cells = Object.values(platforms).map(
      (platform) => told(platform).map(plain).join('<br>') || 'nothing',
    );
    return `| ${[situation, ...cells].join(' | ')} |`;
  });
  return [`| ${first} | ${heads} |`, '|---|---|---|---|', ...lines].join('\n');
}

/** As one would write it in code. The success of a method of the web is a callback that the method was given. */
function plain({ callback, args }: Call): string {
  const name = /^(join|leave)$/.test(callback) ? `${callback}: onSuccess` : callback;
  return `\`${name}(${args.map(({ text }) => word(text)).join(', ')})\``;
}

function word(text: string): string {
  if (text === 'ms') return 'elapsed';
  if (text === '…') return text;
  const value: unknown = JSON.parse(text);
  if (value === me.uid) return 'own uid';
  if (value === other.uid) return 'uid';
  if (typeof value !== 'object' || value === null) return text.replaceAll('"', "'");
  if ('channelId' in value) return 'connection';
  const members = Object.entries(value).map(([key, member]) =>
    key === 'stream' || member === other.uid ? key : `${key}: ${word(JSON.stringify(member))}`,
  );
  return `{ ${members.join(', ')} }`;
}

/** A channel in which B hears of A. */
function channel(b: Platform, a: Platform): Played {
  const person = (role: string) => {
    const packets = new PacketLog();
    return role === 'B'
      ? { uid: me.uid, platform: b, packets, publishes: true }
      : { ...other, platform: a, packets };
  };
  return { person, dialect: () => dialectOf(b, me), marked: () => 0, silence: () => 0 };
}
