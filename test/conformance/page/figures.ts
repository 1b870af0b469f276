/** The numbers at the top of the page. */
import type { Outcome, Run } from '../run.ts';
import { counted, seconds } from './drawing/words.ts';

export interface Total {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly verdict?: 'good' | 'bad';
}

export function totalsOf(run: Run): Total[] {
  const { outcomes, wallMs, ownLag, allowanceMs, replayed, notPlayed, cpu } = run;
  const kept = outcomes.filter(({ findings }) => findings.length === 0).length;
  const kinds = outcomes.flatMap(({ findings }) => findings).map(({ kind }) => kind);
  const count = (...wanted: string[]) => kinds.filter((kind) => wanted.includes(kind)).length;
  const none = (name: string, value: number, note: string): Total => ({
    ...{ name, value: `${value}`, note, verdict: value === 0 ? 'good' : 'bad' },
  });
  const isKept = outcomes.length > 0 && kept === outcomes.length;
  return [
    { name: 'rows kept', value: `${kept} of ${outcomes.length}`, note: '', verdict: isKept ? 'good' : 'bad' },
    none('early', count('early'), 'callbacks before their limit'),
    none('late', count('late'), 'callbacks after their window'),
    none('wrong', count('missing', 'extra', 'order', 'arguments'), 'missing, unexpected, out of order'),
    none('facts', count('fact'), 'that do not hold, besides callbacks'),
    {
      name: 'wall time',
      value: duration(wallMs),
      note: `${counted(replayed, 'row')} played again${notPlayed > 0 ? `, ${notPlayed} not played` : ''}`,
    },
    {
      name: 'own lag',
      value: `${ownLag.max} ms`,
      note: `p99 ${ownLag.p99} ms; windows end ${allowanceMs} ms later for it; processors ${cpu} % busy`,
    },
  ];
}

/** One situation of the matrix: who was A down, who was B across. */
export interface Plot {
  readonly situation: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** The outcomes of each pair, by `A B`; with `--repeat` more than one. */
  readonly cells: ReadonlyMap<string, readonly Outcome[]>;
}

export function plotsOf(outcomes: readonly Outcome[]): Plot[] {
  const names = [...new Set(outcomes.map(({ row }) => row.situation.name))];
  return names.map((situation) => {
    const own = outcomes.filter(({ row }) => row.situation.name === situation);
    const cells = new Map<string, Outcome[]>();
    for (const outcome of own) {
      const key = `${outcome.row.a} ${bOf(outcome)}`;
      cells.set(key, [...(cells.get(key) ?? []), outcome]);
    }
    const among = (wanted: readonly string[]) => platforms.filter((each) => wanted.includes(each));
    return { situation, a: among(own.map(({ row }) => row.a)), b: among(own.map(bOf)), cells };
  });
}

/** Who observes, or `-` where A is alone. */
export function bOf({ row }: Outcome): string {
  return row.situation.alone ? '-' : row.b;
}

export function isKept({ findings }: Outcome): boolean {
  return findings.length === 0;
}

/** In the order of the contract; `-` is nobody. */
export const platforms: readonly string[] = ['android', 'windows', 'linux', 'ios', 'macos', 'web', '-'];

/** `34.2 s`, `5 min 12 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return seconds(Math.round(ms / 100) * 100);
  const whole = Math.round(ms / 1_000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
