/** The settings as a list, read from the schema. */
import { z } from 'zod';
import { settingsSchema } from './schema.ts';

/** One setting as its users see it. */
export interface SettingEntry {
  /** Path in a configuration file: `limits.lostMs`. */
  readonly name: string;
  /** Environment variable. */
  readonly variable: string;
  readonly type: 'number' | 'text' | 'list' | 'switch';
  readonly nullable: boolean;
  readonly unit: string;
  readonly fallback: unknown;
  /** What is allowed, in words. */
  readonly allowed: string;
  readonly description: string;
  /** Its value is shown to nobody (C-91). */
  readonly secret: boolean;
}

interface Described {
  readonly type?: string;
  readonly anyOf?: readonly Described[];
  readonly properties?: Readonly<Record<string, Described>>;
  readonly enum?: readonly string[];
  readonly items?: Described;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly unit?: string;
  readonly description?: string;
  readonly secret?: boolean;
  /** In words, where the schema's own would not help. */
  readonly allowed?: string;
}

/** Every setting, in the order of the schema. */
export const catalogue: readonly SettingEntry[] = entriesOf(
  z.toJSONSchema(settingsSchema, { io: 'input' }) as Described,
  '',
);

/** The paths that hold other settings: `limits`. */
export const groups: readonly string[] = [
  ...new Set(
    catalogue.flatMap(({ name }) => (name.includes('.') ? [name.slice(0, name.lastIndexOf('.'))] : [])),
  ),
];

/** `limits.lostMs` → `HOLDFAST_LIMITS_LOST_MS`. */
export function variableOf(name: string): string {
  return `HOLDFAST_${name
    .replace(/\./g, '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()}`;
}

function entriesOf({ properties = {} }: Described, prefix: string): SettingEntry[] {
  return Object.entries(properties).flatMap(([key, described]) =>
    described.properties ? entriesOf(described, `${prefix}${key}.`) : [entryOf(`${prefix}${key}`, described)],
  );
}

function entryOf(name: string, described: Described): SettingEntry {
  const choices = described.anyOf ?? [described];
  const nullable = choices.some(({ type }) => type === 'null');
  const main = choices.find(({ type }) => type !== 'null') ?? described;
  return {
    name,
    variable: variableOf(name),
    type: typeOf(main),
    nullable,
    unit: described.unit ?? '',
    fallback: described.default,
    allowed: described.allowed ?? `${allowedBy(main, described.unit ?? '')}${nullable ? ', or null' : ''}`,
    description: described.description ?? '',
    secret: described.secret ?? false,
  };
}

function typeOf({ type }: Described): SettingEntry['type'] {
  if (type === 'integer') return 'number';
  if (type === 'boolean') return 'switch';
  return type === 'array' ? 'list' : 'text';
}

function allowedBy(
  { type, enum: choices, minimum, maximum, items, maxItems, maxLength, format, allowed }: Described,
  unit: string,
): string {
  if (allowed !== undefined) return allowed;
  if (choices) return choices.join(', ');
  if (type === 'integer')
    return `a whole number${unit === 'ms' ? ' of ms' : ''} from ${minimum} to ${maximum}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'array') return `a list of at most ${maxItems}, each ${allowedBy(items ?? {}, unit)}`;
  if (format === 'uri') return 'an address that begins with ws:// or wss://';
  return `a text of 1 to ${maxLength} characters`;
}
