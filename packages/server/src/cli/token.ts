import { randomInt } from 'node:crypto';
import { bounds } from '@holdfast/core';
import { Command, Option } from 'commander';
import { isCertificate, issueToken, type TokenOrder, TokenOrderError } from '../tokens/index.ts';
import { fail } from './failure.ts';

interface Options {
  readonly channel: string;
  readonly uid: string;
  readonly role: 'host' | 'audience';
  readonly ttl: string;
  readonly appId?: string;
  readonly appCertificate?: string;
}

/** `holdfast token`: prints a token (C-42), and nothing else on standard output. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('issues a token: whoever has it may join one channel as one user')
    .requiredOption('--channel <name>', 'the channel')
    .requiredOption('--uid <uid>', "a uid, an account's name, or * for any uid")
    .addOption(
      new Option('--role <role>', 'host may publish, audience may only join')
        .choices(['host', 'audience'])
        .default('host'),
    )
    .option('--ttl <seconds>', 'until it expires', '3600')
    .addOption(new Option('--app-id <id>', 'the app').env('HOLDFAST_APP_ID'))
    .addOption(
      new Option('--app-certificate <hex>', "the app's certificate, 32 hex digits").env(
        'HOLDFAST_APP_CERTIFICATE',
      ),
    )
    .action((options: Options, command: Command) => {
      const order = orderFrom(options, (option) => command.getOptionValueSource(option) === 'env');
      const token = issue(order);
      // The word is on the other stream, so that a script gets the token alone.
      if (order.uid === 0) process.stderr.write('holdfast: whoever has this token may take any uid\n');
      process.stdout.write(`${token}\n`);
    });
}

function orderFrom(options: Options, isFromEnvironment: (option: string) => boolean): TokenOrder {
  const { channel, role, appId = '', appCertificate: certificate = '' } = options;
  if (appId === '') fail(2, 'for which app? Say --app-id, or set HOLDFAST_APP_ID');
  if (appId.includes(',') && isFromEnvironment('appId')) {
    fail(2, 'HOLDFAST_APP_ID names several apps: say --app-id for one of them');
  }
  if (certificate === '') {
    fail(2, "with which certificate? Set HOLDFAST_APP_CERTIFICATE to the app's, or say --app-certificate");
  }
  if (!isCertificate(certificate)) {
    const place = isFromEnvironment('appCertificate') ? 'HOLDFAST_APP_CERTIFICATE' : '--app-certificate';
    fail(2, `${place} must be one certificate: 32 hex digits`);
  }
  const uid = uidFrom(options.uid);
  const names = { '--channel': channel, '--app-id': appId, '--uid': `${uid}` };
  for (const [option, name] of Object.entries(names)) checkName(option, name);
  return {
    appId,
    certificate,
    channel,
    uid,
    role,
    issuedAtS: Math.floor(Date.now() / 1_000),
    ttlS: /^\d+$/.test(options.ttl) ? Number(options.ttl) : Number.NaN,
    salt: randomInt(1, saltMax),
  };
}

/** Builders draw it from this range too. */
const saltMax = 100_000_000;

/** Digits are a uid and anything else an account: a token cannot tell an account of digits from a uid. */
function uidFrom(typed: string): number | string {
  if (typed === '*') return 0;
  return /^-?\d+$/.test(typed) ? Number(typed) : typed;
}

/** As a server takes it at join (C-80). */
function checkName(option: string, name: string): void {
  const fits = Buffer.byteLength(name) <= bounds.nameBytes && !/\p{Cc}/u.test(name);
  if (name === '' || !fits) {
    fail(2, `${option} must be 1 to ${bounds.nameBytes} bytes without control characters`);
  }
}

function issue(order: TokenOrder): string {
  try {
    return issueToken(order);
  } catch (error) {
    if (error instanceof TokenOrderError) fail(2, error.message);
    throw error;
  }
}
