/** npm run bench -- [--only idle|rejoin|media|store|commands] [--seconds N] [--sessions N] [--json FILE]: what one machine carries. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figures, lines, missed } from './figures.ts';
import { idle } from './idle.ts';
import { media } from './media.ts';
import { rejoin } from './rejoin.ts';
import { appends, idleCommands } from './store.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    /** How long idle sessions are watched. */
    seconds: { type: 'string', default: '30' },
    /** Idle sessions. */
    sessions: { type: 'string', default: '2000' },
    json: { type: 'string' },
  },
});

const benches = {
  idle: () => idle({ sessions: Number(values.sessions), seconds: Number(values.seconds) }),
  media: () => media({ seconds: Math.min(10, Number(values.seconds)) }),
  rejoin: () => rejoin({ samples: 240, crowd: 1_000 }),
  store: () => appends({ seconds: 5 }),
  commands: () => idleCommands({ sessions: 1_000, seconds: 20 }),
};

const figures: Figures = {};
const failures: string[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(`${name} …`);
  try {
    const found = await bench();
    for (const line of lines(found)) console.log(line);
    Object.assign(figures, found);
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
failures.push(...missed(figures));

const ok = failures.length === 0;
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ok, figures, failures }, null, 2)}\n`);
for (const failure of failures) console.error(failure);
console.log(ok ? 'bench: every goal met' : `bench: ${failures.length} missed`);
process.exit(ok ? 0 : 1);
