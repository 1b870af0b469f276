import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { index: 'src/index.ts', 'faults/index': 'src/faults/index.ts', 'cli/main': 'src/cli/main.ts' },
  platform: 'node',
  fixedExtension: false,
  dts: true,
  sourcemap: true,
});
