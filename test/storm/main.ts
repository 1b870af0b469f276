import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figures, lines, missed } from '../bench/figures.ts';
import { storm } from './storm.ts';

const usage = `npm run storm -- [options]: everybody's server is killed, and all come to the other one
  --sessions N   how many (default 10000). Each is a socket at both ends: \`ulimit -n\` must be above N + 1000 for the
                 server, and above N / 2 + 1000 for each process of the crowd
  --json FILE    write the result`;

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '10000' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(usage);
  process.exit(0);
}

let figures: Figures = {};
const failures: string[] = [];
try {
  figures = await storm({ sessions: Number(values.sessions), say });
  for (const line of lines(figures)) console.log(line);
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
}
failures.push(...missed(figures));
const ok = failures.length === 0;
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ok, figures, failures }, null, 2)}\n`);
for (const failure of failures) console.error(failure);
console.log(ok ? 'storm: every promise kept' : `storm: ${failures.length} missed`);
process.exit(ok ? 0 : 1);

function say(text: string): void {
  console.log(`${(performance.now() / 1_000).toFixed(1).padStart(6)} s  ${text}`);
}
