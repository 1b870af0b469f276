/** What a campaign of runs found out, in the shape that reports are made of. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  /** In words, for example `≥ 2000`; empty where there is none. */
  readonly goal: string;
  readonly ok: boolean;
}

export interface Report {
  readonly ok: boolean;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly failures: readonly string[];
}

/** The speed that lets 20 000 scenarios of a minute run in ten. */
const scenariosPerMinute = 2_000;
const lateMsMax = 250;
/** The middle of fewer says nothing: half of them may have waited for a server or a Redis that was away. */
const samplesMin = 10;

export interface Tally {
  readonly scenarios: number;
  readonly elapsedMs: number;
  readonly violations: number;
  readonly met: ReadonlySet<string>;
  readonly actions: ReadonlyMap<string, number>;
  /** How late each limit fired, by its name, in milliseconds. */
  readonly lateness: ReadonlyMap<string, readonly number[]>;
}

/** @param timed whether the speed has a goal */
export function figures(tally: Tally, timed: boolean): Record<string, Figure> {
  const perMinute = Math.round((tally.scenarios / tally.elapsedMs) * 60_000);
  const count = (value: number, unit: string): Figure => ({ value, unit, goal: '', ok: true });
  const result: Record<string, Figure> = {
    scenarios: count(tally.scenarios, 'scenarios of 60 s'),
    'scenarios per minute': {
      value: perMinute,
      unit: 'scenarios/min',
      goal: timed ? `≥ ${scenariosPerMinute}` : '',
      ok: !timed || perMinute >= scenariosPerMinute,
    },
    violations: { value: tally.violations, unit: 'broken promises', goal: '0', ok: tally.violations === 0 },
    'states × inputs': count(tally.met.size, 'pairs reached'),
  };
  Object.assign(result, latenessFigures(tally.lateness));
  for (const [action, times] of [...tally.actions].sort()) result[`action ${action}`] = count(times, 'times');
  return result;
}

/**
 * C-2: never early. Lateness counts from the limit, whether or not the observer was there to be told and a
 * server there to tell (the model judges that), so only the middle has a goal.
 */
function latenessFigures(lateness: Tally['lateness']): Record<string, Figure> {
  const result: Record<string, Figure> = {};
  let early = 0;
  for (const [name, values] of [...lateness].sort(([one], [other]) => one.localeCompare(other))) {
    const sorted = [...values].sort((one, other) => one - other);
    early += sorted.filter((value) => value < 0).length;
    for (const [share, label] of [
      [0.5, 'p50'],
      [0.99, 'p99'],
      [1, 'max'],
    ] as const) {
      const value = Math.round(quantile(sorted, share));
      const unit = `ms, of ${sorted.length}`;
      const figure = { value, unit, goal: '', ok: true };
      if (share === 0.5 && sorted.length >= samplesMin)
        Object.assign(figure, { goal: `≤ ${lateMsMax}`, ok: value <= lateMsMax });
      result[`late ${name} ${label}`] = figure;
    }
  }
  return { early: { value: early, unit: 'limits fired early', goal: '0', ok: early === 0 }, ...result };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function figureLines(table: Readonly<Record<string, Figure>>): string[] {
  return Object.entries(table).map(([name, { value, unit, goal, ok }]) => {
    const verdict = goal === '' ? '' : `   goal ${goal}: ${ok ? 'ok' : 'MISSED'}`;
    return `  ${name.padEnd(28)} ${String(value).padStart(10)} ${unit}${verdict}`;
  });
}
