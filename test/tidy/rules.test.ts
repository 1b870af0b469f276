import { describe, expect, it } from 'vitest';
import {
  emptyFileNames,
  fileLinesMax,
  functionLinesMax,
  longFiles,
  longFunctions,
  machinePaths,
  unfinishedCode,
  worldInCore,
} from './code.ts';
import { brokenLinks } from './links.ts';
import { type Finding, render } from './repository.ts';
import { brokenArrows, scatteredDependencies } from './rooms.ts';

describe('arrows between rooms', () => {
  it.each([
    ['packages/core/src/contract/a.ts', `import { b } from '../wire/b.ts';`],
    ['packages/core/src/contract/a.ts', `import { create } from '@bufbuild/protobuf';`],
    ['packages/core/src/wire/a.ts', `import type { S } from '../session/s.ts';`],
    ['packages/core/src/presence/a.ts', `export * from '../wire/b.ts';`],
    ['packages/core/src/session/a.ts', `import { readFile } from 'node:fs';`],
    ['packages/core/src/session/a.ts', `const ws = await import('ws');`],
    ['packages/core/src/session/a.ts', `import { Client } from '@holdfast/sdk/native';`],
    ['packages/core/src/session/a.test.ts', `import { Client } from '@holdfast/sdk/native';`],
    ['packages/core/src/session/a.ts', `import { fuzz } from 'vitest';`],
    ['packages/core/src/session/a.ts', `import { Pair } from '../../../../test/simulator/pair.ts';`],
    ['packages/sdk/src/driver/a.ts', `import { names } from '../native/names.ts';`],
    ['packages/sdk/src/driver/a.ts', `import { Server } from '@holdfast/server';`],
    ['packages/sdk/src/driver/a.ts', `import { hostname } from 'node:os';`],
    ['packages/sdk/src/native/a.ts', `import { WebSocket } from 'ws';`],
    ['packages/sdk/src/native/a.ts', `import { view } from '../../../core/src/presence/view.ts';`],
    ['packages/server/src/store/a.ts', `import { Channel } from '../channels/channel.ts';`],
    ['packages/server/src/channels/a.ts', `import { Gateway } from '../gateway/gateway.ts';`],
    ['packages/server/src/gateway/a.ts', `type Log = import('../store/log.ts').Log;`],
    ['packages/server/src/gateway/a.ts', `import { createRtcEngine } from '@holdfast/sdk/native';`],
    ['packages/server/src/admin/a.ts', `import { run } from '../cli/run.ts';`],
    ['packages/server/src/bits/a.ts', ''],
    ['test/simulator/a.ts', `import { view } from '../../packages/core/src/presence/view.ts';`],
  ])('%s must not: %s', (path, text) => expect(brokenArrows([{ path, text }])).toHaveLength(1));

  it.each([
    ['packages/core/src/wire/a.ts', `import { create } from '@bufbuild/protobuf';`],
    [
      'packages/core/src/wire/gen/holdfast/v1/a_pb.ts',
      `import { file } from '@bufbuild/protobuf/codegenv2';`,
    ],
    ['packages/core/src/session/a.ts', `import { view } from '../presence/view.ts';`],
    ['packages/core/src/wire/a.test.ts', `import fc from 'fast-check'; import { it } from 'vitest';`],
    ['packages/sdk/src/driver/socket.node.ts', `import { WebSocket } from 'ws'; import 'node:os';`],
    [
      'packages/sdk/src/native/a.ts',
      `import { Driver } from '../driver/driver.ts'; import '@holdfast/core';`,
    ],
    [
      'packages/server/src/gateway/a.ts',
      `import { Channel } from '../channels/channel.ts'; import 'fastify';`,
    ],
    [
      'packages/server/src/cli/main.ts',
      `import { Store } from '../store/store.ts'; import '@holdfast/sdk/native';`,
    ],
    ['test/conformance/a.ts', `import { startNetwork } from '@holdfast/server/faults'; import 'node:fs';`],
  ])('%s may: %s', (path, text) => expect(render(brokenArrows([{ path, text }]))).toBe(''));

  it('finds `ws` in a second file, and outside its home', () => {
    const text = `import { WebSocket } from 'ws';`;
    const home = { path: 'packages/server/src/process/websockets.ts', text };
    expect(scatteredDependencies([home])).toEqual([]);
    expect(
      scatteredDependencies([home, { path: 'packages/server/src/process/other.ts', text }]),
    ).toHaveLength(2);
    expect(scatteredDependencies([{ path: 'packages/server/src/cli/join.ts', text }])).toHaveLength(1);
    expect(scatteredDependencies([{ path: 'packages/sdk/src/driver/socket.ts', text }])).toHaveLength(1);
  });
});

describe('the world outside core', () => {
  const path = 'packages/core/src/session/a.ts';

  it.each([
    'const now = Date.now();',
    'let at: Date;',
    'setTimeout(tick, 10);',
    'const roll = Math.random();',
    'const { random } = Math;',
    'const now = globalThis.performance.now();',
    'console.log(1);',
    'const id = crypto.randomUUID();',
    'const options = { process };',
  ])('is not reached by: %s', (text) => expect(worldInCore([{ path, text }])).toHaveLength(1));

  it.each([
    'const most = Math.max(1, 2);',
    'const done = queue.process(1);',
    'const names = { console: 1, Date: 2 };',
    'interface Host { setTimeout(): void }',
    '// Date and setTimeout come from outside',
  ])('is not confused with: %s', (text) => expect(render(worldInCore([{ path, text }]))).toBe(''));

  it('may be reached by tests and by other packages', () => {
    const text = 'setTimeout(tick, 10);';
    expect(worldInCore([{ path: 'packages/core/src/session/a.test.ts', text }])).toEqual([]);
    expect(worldInCore([{ path: 'packages/sdk/src/driver/a.ts', text }])).toEqual([]);
  });
});

describe('length', () => {
  const lines = (count: number) => 'let a;\n'.repeat(count);

  it('of a file is limited, of generated code not', () => {
    expect(longFiles([{ path: 'packages/sdk/src/a.ts', text: lines(fileLinesMax) }])).toEqual([]);
    expect(longFiles([{ path: 'packages/sdk/src/a.ts', text: lines(fileLinesMax + 1) }])).toHaveLength(1);
    expect(longFiles([{ path: 'packages/core/src/wire/gen/a.ts', text: lines(fileLinesMax + 1) }])).toEqual(
      [],
    );
  });

  it.each([
    (body: string) => `function f() {\n${body}}`,
    (body: string) => `const f = () => {\n${body}};`,
    (body: string) => `class C {\n  method() {\n${body}}\n}`,
    (body: string) => `it('situation', () => {\n${body}});`,
  ])('of a function is limited: %s', (write) => {
    const path = 'packages/sdk/src/a.ts';
    expect(longFunctions([{ path, text: write(lines(functionLinesMax - 2)) }])).toEqual([]);
    expect(longFunctions([{ path, text: write(lines(functionLinesMax - 1)) }])).toHaveLength(1);
  });

  it('of a group of tests is not', () => {
    const text = `describe('situations', () => {\n${lines(functionLinesMax)}});`;
    expect(longFunctions([{ path: 'packages/sdk/src/a.test.ts', text }])).toEqual([]);
  });
});

describe('words', () => {
  it.each([
    'packages/sdk/src/utils.ts',
    'test/helpers/a.ts',
    'packages/server/src/gateway/socket-manager.ts',
  ])('file name says nothing: %s', (path) => expect(emptyFileNames([{ path, text: '' }])).toHaveLength(1));

  it.each([
    'frame as any',
    '// @ts-ignore',
    '// TODO later',
    '// FIXME',
    `it.skip('a')`,
    `describe.only('a')`,
  ])('unfinished: %s', (text) =>
    expect(unfinishedCode([{ path: 'packages/sdk/src/a.ts', text }])).toHaveLength(1),
  );

  it('finds paths of one machine and leaves addresses alone', () => {
    const found = (text: string) => machinePaths([{ path: 'docs/a.md', text }], '/srv/clone');
    expect(found('see /home/ann/holdfast')).toHaveLength(1);
    expect(found('cd /srv/clone/docs')).toHaveLength(1);
    expect(found('https://example.org/home/ann and /tmp/x and docs/work/a')).toEqual([]);
  });
});

describe('links', () => {
  const target = {
    path: 'docs/guide.md',
    text: '# The guide\n## What `serve` does, twice\n## Again\n## Again\n',
  };
  const links = (text: string): Finding[] => brokenLinks([{ path: 'docs/decisions/a.md', text }, target]);

  it.each([
    '[a](../missing.md)',
    '[a](../guide.md#nothing)',
    '[a](#nothing)',
    '[a]: ../missing.md',
    '![a](a.png)',
  ])('lead nowhere: %s', (text) => expect(links(text)).toHaveLength(1));

  it.each([
    '[a](../guide.md)',
    '[a](../guide.md#what-serve-does-twice)',
    '[a](../guide.md#again-1)',
    '[a](..)',
    '# Own\n[a](#own)',
    '[a](https://example.org/missing.md)',
    '`[a](missing.md)`',
    '```\n[a](missing.md)\n```',
  ])('lead somewhere: %s', (text) => expect(render(links(text))).toBe(''));

  it('are reported with their line', () => {
    expect(render(links('\n\n[a](missing.md)'))).toMatch(/^docs\/decisions\/a\.md:3 {2}\(missing\.md\)/);
  });
});
