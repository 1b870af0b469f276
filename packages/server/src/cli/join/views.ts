/** How what happens is shown: as JSON lines for scripts, or for somebody who watches. */
import { styleText } from 'node:util';
import type { DatedOutage } from '@holdfast/sdk/native';
import type { Callback, JoinRequest, Meaning, Mood } from './client.ts';

/** Where a view writes, and what it may know of it. */
export interface Screen {
  write(line: string): void;
  /** Milliseconds since 1970. */
  now(): number;
  readonly colours: boolean;
}

export interface View {
  /** The client has been told to join, at this time in ms since 1970. */
  ready(request: JoinRequest, at: number): void;
  callback(callback: Callback): void;
  state(state: { readonly args: readonly unknown[] } & Meaning): void;
  outage(record: DatedOutage): void;
  /** What may be typed. */
  help(lines: readonly string[]): void;
}

/** The stable interface for scripts (api.md): one object a line, in the order the application would get them. */
export function jsonView(screen: Screen): View {
  const line = (callback: string, args: readonly unknown[], more = {}) =>
    screen.write(JSON.stringify({ t: screen.now(), callback, args, ...more }));
  return {
    ready: (_request, at) => screen.write(JSON.stringify({ t: at, callback: '$ready', args: [] })),
    callback: ({ name, args, alias }) => line(name, args, alias === undefined ? {} : { alias }),
    state: ({ args }) => line('$state', args),
    outage: () => {},
    help: () => {},
  };
}

/** Time since joining, the callback's name, what it means. */
export function watchersView(screen: Screen): View {
  let joinedAt = screen.now();
  const latest = new Map<string, string>();
  const style = (mood: Mood | 'dim', text: string) =>
    screen.colours && mood !== 'plain' ? styleText(styles[mood], text, { validateStream: false }) : text;
  const line = (name: string, words: string, mood: Mood | 'dim') => {
    const seconds = ((screen.now() - joinedAt) / 1000).toFixed(3).padStart(9);
    screen.write(`${style('dim', `${seconds} s`)}  ${style(mood, name.padEnd(nameWidth))}  ${words}`);
  };
  return {
    ready({ channel, uid, platform, profile, role, servers }, at) {
      joinedAt = at;
      const who = uid === '0' ? 'a uid that the server assigns' : `uid ${uid}`;
      const as = [platform, profile, role].filter((word) => word !== undefined).join(', ');
      screen.write(style('dim', `joining '${channel}' as ${who} (${as}) through ${servers.join(', ')}`));
      screen.write(
        style('dim', "type 'leave' or press Ctrl-C to leave; 'help' lists what else may be typed"),
      );
    },
    callback({ name, alias, words, mood }) {
      if (repeated.includes(name) && latest.get(name) === words) return;
      latest.set(name, words);
      line(name, alias === undefined ? words : `${words} (also called as ${alias})`, mood);
    },
    state: ({ words }) => line('state', words, 'plain'),
    outage({ end, endedMs, attempts }) {
      const tries = `${attempts.length} attempt${attempts.length === 1 ? '' : 's'}`;
      line('(outage)', `${end} ${(endedMs / 1000).toFixed(1)} s after the last packet, ${tries}`, 'dim');
    },
    help: (lines) => {
      for (const text of lines) screen.write(`  ${text}`);
    },
  };
}

/** Told every two seconds: only what is new is shown. */
const repeated = ['onNetworkQuality', 'networkQuality', 'network-quality'];

const nameWidth = 24;
const styles = { good: 'green', bad: 'red', dim: 'dim' } as const;
