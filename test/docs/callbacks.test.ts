import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tables } from './callbacks.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/callbacks.md'), 'utf8');

test.each(Object.entries(tables))(
  'C-20 docs/callbacks.md: %s, as the conformance suite judges it',
  (title, table) => {
    const [, section = ''] = document.split(`## ${title}\n`);
    const found = section.split('\n').filter((line) => line.startsWith('|'));
    expect(found.slice(0, table.split('\n').length).join('\n')).toBe(table);
  },
);
