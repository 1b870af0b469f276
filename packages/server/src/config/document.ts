/** docs/settings.md, written from the schema. */
import { catalogue } from './catalogue.ts';

export function settingsDocument(): string {
  const rows = catalogue.map(
    ({ name, fallback, unit, allowed, description, variable }) =>
      `| \`${name}\` | ${shown(fallback)} | ${unit} | ${allowed} | ${description}<br>\`${variable}\` |`,
  );
  return `${introduction}\n${[...heading, ...rows].join('\n')}\n`;
}

const introduction = `# Settings

Written by \`npm run settings\` from \`packages/server/src/config/schema.ts\`; edit the schema, not this page.

A server reads its settings from a JSON file (\`holdfast serve --config FILE\`, or \`HOLDFAST_CONFIG\`), then from
the environment, then from flags; the later one wins. A dot in a name is a level of the file:
\`{ "port": 7880, "limits": { "lostMs": 10000 } }\`. In the environment the items of a list are separated by commas.
The flags are \`--host\`, \`--port\`, \`--public-url\`, \`--app-id\` and \`--app-certificate\` (may be
repeated), \`--tls-cert\`, \`--tls-key\` and \`--insecure\`.

A setting that is unknown, out of range, or at odds with another one stops the server before it starts, with exit
code 2 and one line for each mistake. An unknown variable that begins with \`HOLDFAST_\` counts as such a mistake.
`;

const heading = ['| setting | default | unit | allowed | what it does |', '|---|---|---|---|---|'];

function shown(value: unknown): string {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
