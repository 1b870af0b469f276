/** The settings of a server, as its commands take them. */
import type { Command } from 'commander';
import { loadSettings, type Settings, SettingsError } from '../config/index.ts';
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

export function withSettings(command: Command): Command {
  for (const { spelling, text } of flags) command.option(spelling, text);
  command.option('--config <file>', 'JSON file with settings');
  return command.addHelpText('after', settingsHelp);
}

/** @throws {SettingsError} */
export function settingsFrom(options: Record<string, unknown>): Settings {
  const { config } = options;
  const given = flags.flatMap(({ spelling, setting }) => {
    const value = options[setting];
    return value === undefined
      ? []
      : [{ name: setting, origin: spelling.split(' ', 1)[0] ?? spelling, value }];
  });
  const file = typeof config === 'string' ? config : undefined;
  return loadSettings({ file, env: process.env, flags: given });
}

/** Ends the command where they cannot be used. */
export function settingsOrEnd(options: Record<string, unknown>): Settings {
  try {
    return settingsFrom(options);
  } catch (error) {
    if (error instanceof SettingsError) fail(2, ...error.lines);
    throw error;
  }
}
