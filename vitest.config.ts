import { defaultClientConditions, defaultServerConditions } from 'vite';
import { configDefaults, defineConfig } from 'vitest/config';

const source = '@holdfast/source';
const real = { testTimeout: 60_000, hookTimeout: 60_000 };
const waiting = ['apple', 'cluster', 'dev', 'docs'].map((room) => `test/${room}/**/*.real.test.ts`);

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.real.test.ts'],
        },
      },
      {
        extends: true,
        // These wait for limits most of the time: two files at once leave the processors half idle.
        test: { name: 'real-waiting', ...real, include: waiting, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'real',
          ...real,
          include: ['packages/*/src/**/*.real.test.ts', 'test/**/*.real.test.ts'],
          exclude: [...configDefaults.exclude, ...waiting],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
