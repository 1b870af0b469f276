import { Command } from 'commander';
import type { Logger } from 'pino';
import { isLoopback, loadSettings, type Settings, SettingsError } from '../config/index.ts';
import {
  CertificateError,
  createLog,
  createMemoryStore,
  createRedisStore,
  endOnSignals,
  endOnSurprise,
  ListenError,
  ProcessClock,
  RedisSetupError,
  ServerProcess,
} from '../process/index.ts';
import type { Store } from '../store/store.ts';
import { fail } from './failure.ts';
import { settingsHelp } from './settings-help.ts';

/** Flags, and the settings they are for. */
const flags = [
  {
    spelling: '--host <address>',
    setting: 'host',
    text: 'where to listen; beyond loopback only with --app-certificate or --insecure',
  },
  { spelling: '--port <number>', setting: 'port', text: 'port for clients and HTTP; 0 takes a free one' },
  {
    spelling: '--public-url <url>',
    setting: 'publicUrl',
    text: 'ws:// or wss:// address that clients are told',
  },
  { spelling: '--app-id <id...>', setting: 'appId', text: 'app ids to serve; without it, every one' },
  {
    spelling: '--app-certificate <hex...>',
    setting: 'appCertificate',
    text: '32 hex digits with which tokens are signed, or app=hex; without it, no token is looked at',
  },
  {
    spelling: '--tls-cert <file>',
    setting: 'tlsCert',
    text: 'PEM file of the certificate for wss:// and https://',
  },
  { spelling: '--tls-key <file>', setting: 'tlsKey', text: 'PEM file of its private key' },
  {
    spelling: '--redis <url>',
    setting: 'redis',
    text: 'redis://, redis+sentinel:// or redis+cluster:// address over which several servers are one system',
  },
  {
    spelling: '--insecure',
    setting: 'insecure',
    text: 'listen beyond loopback although nobody is authenticated',
  },
] as const;

/** `holdfast serve`: one server. */
export function serveCommand(): Command {
  const command = new Command('serve').description('runs one server');
  for (const { spelling, text } of flags) command.option(spelling, text);
  command.option('--config <file>', 'JSON file with settings');
  command.addHelpText('after', settingsHelp);
  return command.action(async (options: Record<string, unknown>) => serve(settingsFrom(options)));
}

async function serve(settings: Settings): Promise<void> {
  const log = createLog(settings.logLevel, 1);
  endOnSurprise(log);
  const clock = new ProcessClock();
  const store = await storeFor(settings, clock, log);
  const media = settings.media.enabled;
  const server = new ServerProcess({ settings, clock, log, store, media });
  try {
    await server.listen();
  } catch (error) {
    if (error instanceof ListenError) fail(1, error.message);
    if (error instanceof CertificateError) fail(2, error.message);
    throw error;
  }
  endOnSignals(log, { drain: () => server.drain(), stop: () => server.stop() });
  if (!isLoopback(settings.host) && settings.appCertificate.length === 0)
    log.warn('insecure: anyone who reaches this server may join as anyone');
}

async function storeFor(settings: Settings, clock: ProcessClock, log: Logger): Promise<Store> {
  if (settings.redis === null) return createMemoryStore(settings, clock);
  try {
    return await createRedisStore(settings, clock, log);
  } catch (error) {
    if (error instanceof RedisSetupError) fail(1, `cannot begin with this Redis: ${error.message}`);
    throw error;
  }
}

function settingsFrom(options: Record<string, unknown>): Settings {
  const { config } = options;
  const given = flags.flatMap(({ spelling, setting }) => {
    const value = options[setting];
    return value === undefined
      ? []
      : [{ name: setting, origin: spelling.split(' ', 1)[0] ?? spelling, value }];
  });
  const file = typeof config === 'string' ? config : undefined;
  try {
    return loadSettings({ file, env: process.env, flags: given });
  } catch (error) {
    if (error instanceof SettingsError) fail(2, ...error.lines);
    throw error;
  }
}
