/** Where settings come from: a configuration file, then the environment, then flags; the later one wins. */
import { readFileSync } from 'node:fs';
import { catalogue, type SettingEntry } from './catalogue.ts';

/** Values by the name of their setting, each with the place where somebody wrote it. */
export interface Gathered {
  readonly tree: Record<string, unknown>;
  /** By setting: `--port`, `HOLDFAST_PORT`, or the file's name. */
  readonly origins: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
  /** Variables that look like ours and are not. */
  readonly unknownVariables: readonly string[];
}

export interface Sources {
  /** Path of a JSON file; `HOLDFAST_CONFIG` if it is left out. */
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Values given as flags, by the name of their setting; `origin` is the flag's spelling. */
  readonly flags?:
    | readonly { readonly name: string; readonly origin: string; readonly value: unknown }[]
    | undefined;
}

const prefix = 'HOLDFAST_';
const fileVariable = `${prefix}CONFIG`;

export function gather({ file, env = {}, flags = [] }: Sources): Gathered {
  const path = file ?? env[fileVariable];
  const { content, problems } = path === undefined ? { content: {}, problems: [] } : readFile(path);
  const tree = structuredClone(content);
  const origins = new Map<string, string>();
  if (path !== undefined) for (const name of leaves(tree)) origins.set(name, path);
  for (const setting of catalogue) {
    const text = env[setting.variable];
    if (text === undefined) continue;
    place(tree, setting.name, parseText(text, setting));
    origins.set(setting.name, setting.variable);
  }
  for (const { name, origin, value } of flags) {
    const setting = catalogue.find((each) => each.name === name);
    place(tree, name, typeof value === 'string' && setting ? parseText(value, setting) : value);
    origins.set(name, origin);
  }
  return { tree, origins, problems, unknownVariables: unknownVariables(env) };
}

function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set([fileVariable, ...catalogue.map(({ variable }) => variable)]);
  return Object.keys(env).filter((name) => name.startsWith(prefix) && !known.has(name));
}

function readFile(path: string): { content: Record<string, unknown>; problems: string[] } {
  const failed = (problem: string) => ({ content: {}, problems: [`${path}: ${problem}`] });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return failed(`cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  try {
    const content: unknown = JSON.parse(text);
    if (isTree(content)) return { content, problems: [] };
    return failed('must hold one JSON object, like { "port": 7880 }');
  } catch (error) {
    return failed(`is not JSON: ${(error as Error).message}`);
  }
}

/** What somebody wrote as text becomes the setting's type; what cannot stays text and is refused by the schema. */
function parseText(text: string, { type, nullable }: SettingEntry): unknown {
  if (nullable && text === 'null') return null;
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'switch')
    return (
      new Map<string, unknown>([
        ['true', true],
        ['1', true],
        ['false', false],
        ['0', false],
      ]).get(text) ?? text
    );
  if (type === 'list') return text === '' ? [] : text.split(',').map((item) => item.trim());
  return text;
}

function place(tree: Record<string, unknown>, name: string, value: unknown): void {
  const [key = '', ...rest] = name.split('.');
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const branch = tree[key];
  const inner = isTree(branch) ? branch : {};
  // A branch of the wrong kind stays, for the schema to refuse.
  if (branch === undefined || isTree(branch)) tree[key] = inner;
  place(inner, rest.join('.'), value);
}

function leaves(tree: Record<string, unknown>, above = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) ? [`${above}${key}`, ...leaves(value, `${above}${key}.`)] : [`${above}${key}`],
  );
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
