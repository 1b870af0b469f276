import type { Note } from './recorder.ts';
import type { Result } from './run.ts';
import type { Action, Scenario } from './scenario/scenario.ts';
import type { Callback, Fact } from './trace.ts';

/** A gap between two reads that is worth a line. */
const gapMs = 1_600;

interface Line {
  readonly t: number;
  readonly order: number;
  readonly text: string;
}

/** A run as a timeline that one can read: who there was, what happened to them, what they were told. */
export function story(scenario: Scenario, { trace, violations, notes }: Result): string {
  const lines: Line[] = [];
  for (const fact of trace.facts) {
    const text = factText(fact);
    if (text !== null) lines.push({ t: fact.t, order: 1, text });
  }
  lines.push(...gaps(trace.facts));
  for (const note of notes) lines.push({ t: note.t, order: 1, text: noteText(note) });
  for (const { t, who, promise, text } of violations) {
    lines.push({ t, order: 2, text: `>>> ${promise} ${who}: ${text}` });
  }
  lines.sort((one, other) => one.t - other.t || one.order - other.order);
  const timeline = lines.map(({ t, text }) => `${seconds(t)}  ${text}`);
  return [...setting(scenario), '', ...timeline].join('\n');
}

/** The scenario in a few lines: its setting and its script. */
export function setting(scenario: Scenario): string[] {
  const { seed, servers, store, lags, limits, devices, actions } = scenario;
  const notes = [lags ? 'processes lag' : '', Object.keys(limits).length > 0 ? JSON.stringify(limits) : ''];
  return [
    `seed ${seed}: servers ${servers.join(', ')} (store: ${store}) ${notes.filter(Boolean).join(' · ')}`,
    ...devices.map((device) => {
      const { delayMs, jitterMs, loss } = device.quality;
      const way = `${delayMs} ms + ${jitterMs}${loss > 0 ? `, loss ${loss * 100} %` : ''}`;
      const { name, uid, platform, channel, profile } = device;
      return `  ${name.padEnd(4)} uid ${uid}, ${platform}, ${channel} (${profile}), way ${way}`;
    }),
    ...actions.map((action) => `  ${seconds(action.at)} ${actionText(action)}`),
  ];
}

function actionText({ at: _, type, ...rest }: Action): string {
  return `${type} ${JSON.stringify(rest)}`;
}

function noteText({ who, text }: Note): string {
  return `      . ${who} ${text}`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3).padStart(7);
}

/** Silences between reads, at their beginning and their end. */
function gaps(facts: readonly Fact[]): Line[] {
  const last = new Map<string, number>();
  const lines: Line[] = [];
  for (const fact of facts) {
    if (fact.type !== 'server-read' && fact.type !== 'client-read') continue;
    const up = fact.type === 'server-read';
    const key = up ? `${fact.client} > servers` : `servers > ${fact.client}`;
    const before = last.get(key);
    last.set(key, fact.t);
    if (before === undefined || fact.t - before < gapMs) continue;
    const ms = fact.t - before;
    lines.push({ t: before, order: 1, text: `~ ${key}: the last packet for ${ms} ms` });
    lines.push({ t: fact.t, order: 0, text: `~ ${key}: a packet again after ${ms} ms (${fact.connection})` });
  }
  for (const [key, t] of last) lines.push({ t, order: 1, text: `~ ${key}: the last packet` });
  return lines;
}

function factText(fact: Fact): string | null {
  switch (fact.type) {
    case 'server-read':
      return fact.goodbye ? `${fact.server} reads the goodbye of ${fact.client} (${fact.connection})` : null;
    case 'client-read':
    case 'queues':
      return null;
    case 'remains':
      return fact.timers + fact.transports + fact.sessions === 0 ? null : plain(fact);
    case 'callback':
      return `    ${fact.client} is told: ${callbackText(fact.callback)}`;
    default:
      return plain(fact);
  }
}

function plain({ t: _, type, ...rest }: Fact): string {
  const words = Object.entries(rest).map(([name, value]) =>
    name === 'client' || name === 'server' || name === 'process' ? (value ?? 'all') : `${name}=${value}`,
  );
  return `[${type}] ${words.join(' ')}`;
}

function callbackText({ name, ...rest }: Callback): string {
  return `${name} ${Object.entries(rest)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')}`;
}
