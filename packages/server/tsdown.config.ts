import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'faults/index': 'src/faults/index.ts',
    'cli/main': 'src/cli/main.ts',
    'media/worker': 'src/media/worker.ts',
    'cli/crowd': 'src/cli/join/crowd.ts',
  },
  platform: 'node',
  fixedExtension: false,
  dts: true,
  sourcemap: true,
});
