import { Command } from 'commander';
import type { ChannelView } from '../admin/index.ts';
import { apiKeyOption, ask, defaultServer } from './ask.ts';
import { table } from './table.ts';

/** `holdfast channels`: who is where, as one server sees it. */
export function channelsCommand(): Command {
  return new Command('channels')
    .description('shows the channels and users of a running server')
    .option('--server <url>', 'the server to ask', defaultServer)
    .addOption(apiKeyOption())
    .option('--json', 'print JSON')
    .action(async ({ server, apiKey, json }: { server: string; apiKey?: string; json?: boolean }) => {
      const answer = await ask<{ channels: ChannelView[] }>(server, '/v1/channels', { apiKey });
      process.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : channelsTable(answer.channels));
    });
}

/** One line for each user. */
export function channelsTable(channels: readonly ChannelView[]): string {
  if (channels.length === 0) return 'no channels\n';
  const rows = channels.flatMap(({ appId, channel, users }) =>
    users.map(({ uid, account, platform, role, present, streams }) => [
      appId,
      channel,
      account === '' ? `${uid}` : `${uid} (${account})`,
      platform,
      role,
      present.native && present.apple ? 'yes' : 'no',
      present.web ? 'yes' : 'no',
      `${streams.length}`,
    ]),
  );
  return table(['APP', 'CHANNEL', 'USER', 'PLATFORM', 'ROLE', 'PRESENT', 'ON WEB', 'STREAMS'], rows);
}
