// npm run licences: writes docs/licences.md, what the packages bring along when they are installed. `--check` only compares.
// Read from the lock file, which names the licence of every package: nothing need be installed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages, root } from './workspace.mjs';

// What an Apache-2.0 project may be installed with, without a word to its lawyers.
const allowed = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MPL-2.0',
];

const file = join(root, 'docs/licences.md');
const entries = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const found = installed();
const text = page(found);
const strangers = found.filter(({ licence }) => !isAllowed(licence));
for (const { name, version, licence } of strangers)
  console.error(
    `${name} ${version} has the licence ${licence}: it is not in the list of scripts/licences.mjs`,
  );
if (!process.argv.includes('--check')) writeFileSync(file, text);
const current = readFileSync(file, 'utf8') === text;
if (!current) console.error('docs/licences.md is not what the lock file says: run `npm run licences`.');
process.exitCode = current && strangers.length === 0 ? 0 : 1;

/** Everything that comes with the packages of this repository, but not for its development. */
function installed() {
  const seen = new Map();
  const waiting = packages().map((name) => `packages/${name}`);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const { dependencies = {}, optionalDependencies = {} } = entries[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = placeOf(name, path);
      if (place === undefined || seen.has(place)) continue;
      const entry = entries[place];
      seen.set(place, {
        name,
        version: entry.version,
        licence: (entry.license ?? 'unknown').replace('MPL 2.0', 'MPL-2.0'),
        link: entry.link,
      });
      waiting.push(entry.link ? entry.resolved : place);
    }
  }
  return [...seen.values()]
    .filter(({ link }) => !link)
    .sort((one, other) => (one.name === other.name ? 0 : one.name < other.name ? -1 : 1));
}

/** Node looks in every folder above. */
function placeOf(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (entries[place] !== undefined) return place;
    if (folder === '') return undefined;
  }
}

/** `(MIT OR Apache-2.0)` is as good as its best, `A AND B` as its worst. */
function isAllowed(licence) {
  const bare = licence.replace(/[()]/g, '');
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((each) => allowed.includes(each)));
}

function page(list) {
  const rows = list.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return `# Licences

Holdfast is under the [Apache License 2.0](../LICENSE). These packages are installed with it; what only its development
needs is not among them. Made by \`npm run licences\` from the lock file; \`npm run check\` refuses a licence that is not in
the list of [scripts/licences.mjs](../scripts/licences.mjs).

| package | version | licence |
|---|---|---|
${rows.join('\n')}
`;
}
