import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { 'native/index': 'src/native/index.ts', 'native/index.node': 'src/native/index.node.ts' },
  platform: 'neutral',
  dts: true,
  sourcemap: true,
});
