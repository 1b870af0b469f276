import { defineConfig } from 'tsdown';

/** The page goes with the server that serves it, and is made from the sources: nothing else need be built before. */
export default defineConfig({
  entry: { demo: 'src/main.ts' },
  outDir: '../../packages/server/dist/demo',
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  dts: false,
  minify: true,
  sourcemap: true,
  copy: ['index.html', 'page.css', 'parts.css', 'call.css', 'timeline.css'].map((name) => `public/${name}`),
  deps: { alwaysBundle: [/./] },
  inputOptions: { resolve: { conditionNames: ['@holdfast/source', 'browser', 'import', 'default'] } },
  outputOptions: { entryFileNames: '[name].js' },
});
