/**
 * npm run abuse -- [--attack NAME[+NAME…]] [--seconds N] [--sessions N] [--json FILE]: honest users on a real server keep every
 * promise while each attack runs (C-80, C-81).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figures, lines, missed } from '../bench/figures.ts';
import { attacks, namesIn } from './attacks/index.ts';
import { figuresOf } from './figures.ts';
import { type Round, Siege, secondsMin } from './siege.ts';

const { values } = parseArgs({
  options: {
    attack: { type: 'string', multiple: true },
    /** Of each attack. */
    seconds: { type: 'string', default: '10' },
    /** Honest ones. */
    sessions: { type: 'string', default: '500' },
    json: { type: 'string' },
  },
});
const wanted = values.attack ?? Object.keys(attacks);
const seconds = Number(values.seconds);
const sessions = Number(values.sessions);
if (!wanted.flatMap(namesIn).every((name) => name in attacks))
  usage(
    `--attack is one of ${Object.keys(attacks).join(', ')}; with + between two they run at the same time`,
  );
if (!(seconds >= secondsMin)) usage(`--seconds is a number from ${secondsMin}`);
if (!(sessions >= 20)) usage('--sessions is a number from 20');

const figures: Figures = {};
const failures: string[] = [];
say(`${sessions} honest sessions join …`);
const siege = await Siege.lay(sessions);
process.once('exit', () => siege.lift());
say('nobody attacks …');
const baseline = await siege.round(null, seconds);
report('baseline', baseline);
for (const name of wanted) {
  say(`${name} …`);
  try {
    report(name, await siege.round(name, seconds));
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
    break;
  }
}
failures.push(...missed(figures));
const ok = failures.length === 0;
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ok, figures, failures }, null, 2)}\n`);
for (const failure of failures) console.error(failure);
console.log(ok ? 'abuse: every promise kept' : `abuse: ${failures.length} missed`);
process.exit(ok ? 0 : 1);

function report(name: string, round: Round): void {
  const measured = figuresOf(name, round, baseline);
  for (const line of lines(measured)) console.log(line);
  const answers = Object.entries(round.attacker.answers).map(([answer, count]) => `${answer} × ${count}`);
  if (name !== 'baseline') console.log(`  answered: ${answers.join(' · ')}`);
  for (const wrong of [...round.early, ...round.wrong, ...round.troubles].slice(0, 8))
    console.log(`  ! ${wrong}`);
  if (round.attacker.failed !== null) failures.push(`${name}: the attacker failed: ${round.attacker.failed}`);
  Object.assign(figures, measured);
}

function say(text: string): void {
  console.log(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${text}`);
}

function usage(text: string): never {
  console.error(text);
  process.exit(2);
}
