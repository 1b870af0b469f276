// The browser that tests run the demo page in. Debian and Ubuntu get it by apt when it is missing.
import { existsSync } from 'node:fs';
import { run } from './workspace.mjs';

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Puts the browser's path into `CHROMIUM_PATH`. Without one the tests that need it say so and fail. */
export async function requireChromium() {
  if (find() === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) await install();
  const found = find();
  if (found === undefined)
    console.log('set-up: no Chromium here: install it, or name its path in CHROMIUM_PATH');
  else process.env.CHROMIUM_PATH = found;
}

function find() {
  return places.find((path) => path !== undefined && existsSync(path));
}

async function install() {
  const startedAt = performance.now();
  const say = (text) =>
    console.log(`set-up: chromium: ${text} (${((performance.now() - startedAt) / 1_000).toFixed(0)} s)`);
  say('installing by apt-get …');
  const progress = setInterval(() => say('installing …'), 10_000);
  await run('apt-get', ['update', '-q']);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const { code, output } = await run(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
    {
      env,
    },
  );
  clearInterval(progress);
  if (code !== 0) console.log(output.split('\n').slice(-10).join('\n'));
  say(code === 0 ? 'done' : 'failed');
}
