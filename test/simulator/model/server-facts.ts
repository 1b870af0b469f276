import { close, lasting, never } from './client-facts.ts';
import type { Interval, Server } from './world.ts';

/** When no server ran, after one had. */
export function blackouts(servers: readonly Server[]): Interval[] {
  return gapsBetween(servers.flatMap((server) => server.running));
}

/** When no server both ran and was not frozen, after one had. */
export function standstills(servers: readonly Server[]): Interval[] {
  return gapsBetween(servers.flatMap(awake));
}

export function isOneProcess(servers: readonly Server[]): boolean {
  const lives = servers.map(({ running, freezes }) =>
    [...running, ...freezes].map(({ from, to }) => `${from}-${to}`).join(),
  );
  return new Set(lives).size <= 1;
}

function awake({ running, freezes }: Server): Interval[] {
  const stretches: Interval[] = [];
  for (const run of running) {
    let { from } = run;
    for (const freeze of freezes) {
      if (freeze.to <= from || freeze.from >= run.to) continue;
      if (freeze.from > from) stretches.push({ from, to: freeze.from });
      from = Math.min(freeze.to, run.to);
    }
    if (from < run.to) stretches.push({ from, to: run.to });
  }
  return stretches;
}

function gapsBetween(stretches: readonly Interval[]): Interval[] {
  const turns = stretches
    .flatMap(({ from, to }) => [
      { t: from, step: 1 },
      { t: to, step: -1 },
    ])
    .filter(({ t }) => t !== never)
    .sort((a, b) => a.t - b.t || b.step - a.step);
  const gaps: Interval[] = [];
  let going = 0;
  for (const { t, step } of turns) {
    if (going === 0) close(gaps, t);
    going += step;
    if (going === 0) gaps.push(lasting(t));
  }
  return gaps;
}
