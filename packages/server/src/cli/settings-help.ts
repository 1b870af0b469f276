import { catalogue } from '../config/index.ts';

/** Every setting with its default, for `--help`. */
export function settingsHelp(): string {
  const rows = catalogue.map(({ name, variable, fallback, allowed, description }) => {
    const shown = Array.isArray(fallback) && fallback.length === 0 ? 'none' : String(fallback);
    return `  ${name} (${shown})\n      ${description}\n      ${allowed} · ${variable}`;
  });
  return `
Every setting, with its default. A file (--config, or HOLDFAST_CONFIG) holds them as JSON, a dot is a level of it:
{ "port": 7880, "limits": { "lostMs": 10000 } }. The environment wins over the file, a flag over both.

${rows.join('\n')}
`;
}
