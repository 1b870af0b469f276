import { Command } from 'commander';
import type { DatedOutage } from '../admin/index.ts';
import { apiKeyOption, ask, defaultServer } from './ask.ts';

interface Options {
  readonly server: string;
  readonly apiKey?: string;
  readonly uid?: string;
  readonly json?: boolean;
}

/** `holdfast timeline`: what a server did about the silences of its users (C-90). */
export function timelineCommand(): Command {
  return new Command('timeline')
    .description('shows what a running server did about the outages of its users')
    .argument('[channel]', 'only this channel')
    .option('--uid <uid>', 'only this user')
    .option('--server <url>', 'the server to ask', defaultServer)
    .addOption(apiKeyOption())
    .option('--json', 'print JSON')
    .action(async (channel: string | undefined, options: Options) => {
      const { server, outages } = await ask<{ server: string; outages: DatedOutage[] }>(
        options.server,
        '/v1/outages',
        { apiKey: options.apiKey },
      );
      const chosen = outages.filter(
        (outage) =>
          (channel === undefined || outage.channel === channel) &&
          (options.uid === undefined || `${outage.uid}` === options.uid),
      );
      const text = options.json
        ? `${JSON.stringify({ server, outages: chosen }, null, 2)}\n`
        : timelines(server, chosen);
      process.stdout.write(text);
    });
}

/** A paragraph for each outage, oldest first; times count from the user's last packet. */
export function timelines(server: string, outages: readonly DatedOutage[]): string {
  if (outages.length === 0) return `no outage on ${server}\n`;
  return outages.map((outage) => paragraph(server, outage)).join('\n');
}

function paragraph(server: string, { endedAt, channel, uid, silentMs, marks, end }: DatedOutage): string {
  const at = new Date(endedAt).toISOString().replace('T', ' ').slice(0, 19);
  const lines = [
    { atMs: 0, what: 'last packet' },
    ...marks.map(({ atMs, what }) => ({ atMs, what: meanings[what] ?? what })),
    { atMs: silentMs, what: end === 'returned' ? 'returned' : 'session forgotten' },
  ].map(({ atMs, what }) => `${(atMs / 1_000).toFixed(3).padStart(11)} s  ${what}\n`);
  return `${at} UTC  ${channel}, user ${uid}: silent for ${(silentMs / 1_000).toFixed(1)} s (${server})\n${lines.join('')}`;
}

/** What the server's marks mean to observers. */
const meanings: Readonly<Record<string, string>> = {
  'streamRemovedMs passed': 'stream removed for web observers',
  'peerOfflineMs passed': 'offline for native and Apple observers',
  'peerLeaveMs passed': 'gone for web observers',
  'channelDestroyMs passed': 'does not keep the channel alive any more',
};
