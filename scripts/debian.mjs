// Programs that tests run and npm does not have. Debian and Ubuntu get them by apt when they are missing.
import { existsSync } from 'node:fs';
import { run } from './workspace.mjs';

const programs = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    places: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
  },
  coturn: { variable: 'TURNSERVER', places: ['/usr/bin/turnserver'] },
  iproute2: { variable: 'TC', places: ['/usr/sbin/tc', '/sbin/tc', '/usr/bin/tc'] },
  janus: { variable: 'JANUS', places: ['/usr/bin/janus'] },
  nftables: { variable: 'NFT', places: ['/usr/sbin/nft', '/usr/bin/nft'] },
  'redis-server': {
    variable: 'REDIS_SERVER',
    places: ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'],
  },
};

/** Puts the program's path into its variable. Without one the tests that need it say so and fail. */
export async function provide(name) {
  const { variable } = programs[name];
  if (find(name) === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'))
    await install(name);
  const found = find(name);
  if (found === undefined)
    console.log(`set-up: no ${name} here: install it, or name its path in ${variable}`);
  else process.env[variable] = found;
}

function find(name) {
  const { variable, places } = programs[name];
  return [process.env[variable], ...places].find((path) => path !== undefined && existsSync(path));
}

async function install(name) {
  const startedAt = performance.now();
  const say = (text) =>
    console.log(`set-up: ${name}: ${text} (${((performance.now() - startedAt) / 1_000).toFixed(0)} s)`);
  say('installing by apt-get …');
  const progress = setInterval(() => say('installing …'), 10_000);
  await run('apt-get', ['update', '-q']);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '-q', '--no-install-recommends', name];
  const { code, output } = await run('apt-get', args, { env });
  clearInterval(progress);
  if (code !== 0) console.log(output.split('\n').slice(-10).join('\n'));
  say(code === 0 ? 'done' : 'failed');
}
