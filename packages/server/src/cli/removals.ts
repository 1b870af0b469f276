/** What an operator does about users and channels, by a running server's REST API (C-44). */
import { Command, Option } from 'commander';
import type { Ban } from '../store/store.ts';
import { apiKeyOption, ask, defaultServer } from './ask.ts';
import { fail } from './failure.ts';
import { table } from './table.ts';

interface Options {
  readonly server: string;
  readonly apiKey?: string;
  readonly appId?: string;
  readonly uid?: string;
  readonly account?: string;
  readonly seconds?: string;
  readonly json?: boolean;
}

const seconds = ['--seconds <number>', 'for how long, up to a year'] as const;

/** `holdfast kick`: a user is out, and may come back. */
export function kickCommand(): Command {
  return command('kick', 'removes a user from a channel; it may join again')
    .argument('<channel>')
    .addOption(uid())
    .addOption(account())
    .action(async (channel: string, options: Options) => {
      await order('kick', options, { channel });
      say(`${userOf(options)} is removed from ${channel}, if it was there`);
    });
}

/** `holdfast ban`: out, and refused for a time. */
export function banCommand(): Command {
  return command('ban', 'removes a user, or everybody of a channel, and lets it in again only after a time')
    .argument('[channel]', 'without it the user is banned in every channel of the app')
    .addOption(uid())
    .addOption(account())
    .requiredOption(...seconds)
    .action(async (channel: string | undefined, options: Options) => {
      await order('ban', options, { channel });
      say(`${userOf(options)} is banned from ${channel ?? 'every channel'} for ${options.seconds} s`);
    });
}

/** `holdfast unban`. */
export function unbanCommand(): Command {
  return command('unban', 'ends a ban before its time, named as it was banned')
    .argument('[channel]')
    .addOption(uid())
    .addOption(account())
    .action(async (channel: string | undefined, options: Options) => {
      await order('unban', options, { channel });
      say(`${userOf(options)} may join ${channel ?? 'the channels'} again`);
    });
}

/** `holdfast close`: everybody is out. */
export function closeCommand(): Command {
  return command('close', 'removes everybody from a channel, and keeps it closed for a time if one is given')
    .argument('<channel>')
    .option(...seconds)
    .action(async (channel: string, options: Options) => {
      await order('close', options, { channel });
      say(`${channel} is closed${options.seconds === undefined ? '' : ` for ${options.seconds} s`}`);
    });
}

/** `holdfast bans`: who is not let in. */
export function bansCommand(): Command {
  return new Command('bans')
    .description('shows who is banned, and for how much longer')
    .option('--server <url>', 'the server to ask', defaultServer)
    .addOption(apiKeyOption())
    .option('--json', 'print JSON')
    .action(async ({ server, apiKey, json }: Options) => {
      const answer = await ask<{ bans: Ban[] }>(server, '/v1/bans', { apiKey });
      process.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : bansTable(answer.bans));
    });
}

/** One line for each ban, the one that ends first above. */
export function bansTable(bans: readonly Ban[]): string {
  if (bans.length === 0) return 'nobody is banned\n';
  const rows = [...bans]
    .sort((a, b) => a.leftMs - b.leftMs)
    .map(({ appId, channel, uid, account, leftMs }) => [
      appId,
      channel ?? 'every channel',
      account ?? (uid === null ? 'everybody' : `${uid}`),
      `${Math.ceil(leftMs / 1_000)} s`,
    ]);
  return table(['APP', 'CHANNEL', 'USER', 'LEFT'], rows);
}

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--server <url>', 'a server', defaultServer)
    .addOption(apiKeyOption())
    .addOption(
      new Option('--app-id <id>', 'the app, where the server serves not exactly one').env('HOLDFAST_APP_ID'),
    );
}

function uid(): Option {
  return new Option('--uid <uid>', 'the user');
}

function account(): Option {
  return new Option('--account <name>', 'the user, by the name with which it joined');
}

async function order(action: string, options: Options, { channel }: { channel: string | undefined }) {
  const { server, apiKey, appId, uid, account, seconds } = options;
  if (appId?.includes(',')) fail(2, 'HOLDFAST_APP_ID names several apps: say --app-id for one of them');
  const asked = { appId, channel, uid: number('--uid', uid), account, seconds: number('--seconds', seconds) };
  await ask(server, `/v1/${action}`, { apiKey, order: asked });
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) fail(2, `${option} must be a whole number`);
  return Number(text);
}

function userOf({ uid, account }: Options): string {
  return account ?? (uid === undefined ? 'everybody' : `user ${uid}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
