/** Settings from all their sources, checked; or everything that is wrong with them, one line each. */
import type { z } from 'zod';
import { catalogue, groups } from './catalogue.ts';
import { type Settings, settingsSchema } from './schema.ts';
import { type Gathered, gather, type Sources } from './sources.ts';
import { nearest } from './spelling.ts';

/** The settings cannot be used. Every line names a setting, its value, and what is allowed. */
export class SettingsError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'SettingsError';
    this.lines = lines;
  }
}

/** @throws {SettingsError} */
export function loadSettings(sources: Sources = {}): Settings {
  const gathered = gather(sources);
  const strangers = gathered.unknownVariables.map(unknownVariable);
  const result = settingsSchema.safeParse(gathered.tree);
  const wrong = result.error?.issues.flatMap((issue) => linesOf(issue, gathered)) ?? [];
  const lines = [...gathered.problems, ...strangers, ...wrong];
  if (lines.length > 0 || !result.success) throw new SettingsError([...new Set(lines)]);
  return result.data;
}

function linesOf(issue: z.core.$ZodIssue, { tree, origins }: Gathered): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = [...path, key].join('.');
      return unknown(
        name,
        origins.get(name),
        nearest(name, [...groups, ...catalogue.map((each) => each.name)]),
      );
    });
  }
  // An item of a list is reported as its setting.
  const setting = catalogue.find(
    ({ name }) => path.join('.') === name || path.join('.').startsWith(`${name}.`),
  );
  const name = setting?.name ?? path.join('.');
  const origin = origins.get(name);
  const value = setting?.secret ? '…' : shown(valueAt(tree, path));
  const given = `${name} = ${value}${origin === undefined ? '' : ` (${origin})`}`;
  if (issue.code === 'custom') return [`${given} ${issue.message}`];
  return [`${given} is not allowed: ${setting?.allowed ?? 'a group of settings, like { … }'}`];
}

function unknownVariable(variable: string): string {
  const bare = (name: string) => name.replace(/^HOLDFAST_/, '');
  const similar = nearest(
    bare(variable),
    catalogue.map((setting) => bare(setting.variable)),
  );
  return unknown(variable, 'environment', similar && `HOLDFAST_${similar}`);
}

function unknown(name: string, origin: string | undefined, similar: string | null): string {
  const advice = similar === null ? 'see docs/settings.md for all of them' : `did you mean ${similar}?`;
  return `unknown setting ${name}${origin === undefined ? '' : ` (${origin})`}: ${advice}`;
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], tree);
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
