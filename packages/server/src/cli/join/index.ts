/** `holdfast join CHANNEL`: a client in the terminal. */
import { openSync, writeSync } from 'node:fs';
import { type Platform, type Profile, platforms, type Role } from '@holdfast/core';
import { Command, Option } from 'commander';
import type { JoinRequest } from './client.ts';
import { dialectOf } from './dialects.ts';
import { exitCodes, runJoin, type Surroundings } from './run.ts';
import { jsonView, watchersView } from './views.ts';

interface Options {
  readonly server: readonly string[] | undefined;
  readonly uid: string;
  readonly platform: Platform;
  readonly token: string;
  readonly profile: Profile;
  readonly role: Role | undefined;
  readonly publish: boolean;
  readonly appId: string;
  readonly json: boolean | undefined;
  readonly outages: string | undefined;
}

/** The command `join`, for commander. It ends the process with 0 left, 1 failed, 2 usage. */
export function joinCommand(): Command {
  return new Command('join')
    .description('a client in the terminal: shows every callback, and does what is typed')
    .argument('<channel>', 'name of the channel')
    .option('--server <url>', `address of a server, repeatable (default: "${defaultServer}")`, collect)
    .option('--uid <uid>', 'who to be; 0: the server assigns a uid', '0')
    .addOption(
      new Option('--platform <platform>', 'what to be; it decides the dialect of the callbacks')
        .choices(platforms)
        .default(ownPlatform()),
    )
    .option('--token <token>', 'token of this app, channel and uid', '')
    .addOption(
      new Option('--profile <profile>', "the channel's profile")
        .choices(['communication', 'live'])
        .default('communication'),
    )
    .addOption(
      new Option('--role <role>', 'in the live profile (default there: audience)').choices([
        'host',
        'audience',
      ]),
    )
    .option('--no-publish', 'publish neither audio nor video')
    .option('--app-id <id>', 'app id', 'demo')
    .option('--json', 'one JSON object a line, for scripts')
    .option('--outages <file>', 'append the record of each reconnection to a file, as a JSON line')
    .addHelpText('after', typing)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.usage))
    .action((channel: string, options: Options, command: Command) => join(channel, options, command));
}

const typing = `
Type 'help' for what may be typed; 'send TEXT' sends a message to everybody in the channel.
In a JSON line the data of a message is {"text": …} where it is UTF-8, else {"base64": …}.`;

const defaultServer = 'ws://127.0.0.1:7880';

function collect(url: string, before: readonly string[] = []): string[] {
  return [...before, url];
}

function ownPlatform(): Platform {
  if (process.platform === 'win32') return 'windows';
  return process.platform === 'android' ? 'android' : 'linux';
}

async function join(channel: string, options: Options, command: Command): Promise<void> {
  const { platform, json, server, outages, ...rest } = options;
  const request: JoinRequest = { ...rest, channel, platform, servers: server ?? [defaultServer] };
  const around = surroundings(json === true, outages, command);
  leaveTheProcess(await runJoin(request, dialectOf(platform), around));
}

function surroundings(json: boolean, outages: string | undefined, command: Command): Surroundings {
  const screen = {
    write: (line: string) => void process.stdout.write(`${line}\n`),
    now: Date.now,
    colours: process.stdout.isTTY && process.env.NO_COLOR === undefined,
  };
  const record = outages === undefined ? () => {} : appendTo(outages, command);
  return {
    input: process.stdin,
    now: Date.now,
    view: json ? jsonView(screen) : watchersView(screen),
    diagnose: (line) => void process.stderr.write(`holdfast join: ${line}\n`),
    onInterrupt(listener) {
      process.once('SIGINT', () => {
        process.once('SIGINT', () => process.exit(interruptedAgain));
        listener();
      });
    },
    onDeaf: (listener) => void process.stdout.on('error', listener),
    record,
  };
}

/** As a shell tells a death by Ctrl-C. */
const interruptedAgain = 130;

function appendTo(file: string, command: Command): (outage: object) => void {
  try {
    const descriptor = openSync(file, 'a');
    return (outage) => void writeSync(descriptor, `${JSON.stringify(outage)}\n`);
  } catch (error) {
    command.error(`error: cannot write '${file}': ${error instanceof Error ? error.message : error}`);
  }
}

/** The goodbye may still be on its way for 2 s: the process ends by itself when nothing is left. */
function leaveTheProcess(code: number): void {
  process.exitCode = code;
  process.stdin.destroy();
  setTimeout(() => process.exit(code), longestGoodbyeMs).unref();
}

const longestGoodbyeMs = 3_000;
