import { defaultClientConditions, defaultServerConditions } from 'vite';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = '@holdfast/source';
const real = { testTimeout: 60_000, hookTimeout: 60_000 };
const waiting = ['apple/*', 'cluster/*', 'docs/*', 'storm/*', 'dev/{doctor,removal,serve,tokens}'].map(
  (place) => `test/${place}.real.test.ts`,
);

/** What waits longest begins first, so that it does not end alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = (file: TestSpecification) => file.moduleId.endsWith('/tokens.real.test.ts');
    return [...sorted.filter(long), ...sorted.filter((file) => !long(file))];
  }
}

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.real.test.ts'],
          maxWorkers: 2,
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
