/** The `holdfast` command. */
import { Command } from 'commander';
import { version } from './version.ts';

/** Each is loaded when it is asked for: a client in the terminal need not wait for a web server to load. */
const commands = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  dev: async () => (await import('./dev/command.ts')).devCommand(),
  token: async () => (await import('./token.ts')).tokenCommand(),
  join: async () => (await import('./join/index.ts')).joinCommand(),
  channels: async () => (await import('./channels.ts')).channelsCommand(),
  kick: async () => (await import('./removals.ts')).kickCommand(),
  ban: async () => (await import('./removals.ts')).banCommand(),
  unban: async () => (await import('./removals.ts')).unbanCommand(),
  bans: async () => (await import('./removals.ts')).bansCommand(),
  close: async () => (await import('./removals.ts')).closeCommand(),
  doctor: async () => (await import('./doctor/command.ts')).doctorCommand(),
  timeline: async () => (await import('./timeline.ts')).timelineCommand(),
} satisfies Record<string, () => Promise<Command>>;

/** Exit code for a command line that cannot be understood. */
const usageCode = 2;

const program = new Command('holdfast')
  .description('Real-time channels that keep their promises when the network does not.')
  .version(version, '--version', 'prints the version')
  .helpOption('-h, --help', 'prints this help')
  .showHelpAfterError('(add --help to see what is possible)');

const asked = process.argv[2] ?? '';
for (const [name, load] of Object.entries(commands)) {
  const isWanted = asked === name || !(Object.hasOwn(commands, asked) || asked === '--version');
  if (isWanted) program.addCommand((await load()).copyInheritedSettings(program));
}
for (const command of [program, ...program.commands]) {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : usageCode));
}

await program.parseAsync();
