import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'tsdown';

/** The script for pages, compressed as servers send it. */
const scriptBytesMax = 60_000;

export default defineConfig([
  {
    entry: {
      'apple/index': 'src/apple/index.ts',
      'apple/index.node': 'src/apple/index.node.ts',
      'apple/index.react-native': 'src/apple/index.react-native.ts',
      'media/process': 'src/media/process.node.ts',
      'native/index': 'src/native/index.ts',
      'native/index.node': 'src/native/index.node.ts',
      'native/index.react-native': 'src/native/index.react-native.ts',
      'web/index': 'src/web/index.ts',
      'web/index.node': 'src/web/index.node.ts',
    },
    platform: 'neutral',
    dts: true,
    sourcemap: true,
  },
  {
    // One file for `<script src>`: it brings everything along, from the sources, for the core may not be built yet.
    entry: { web: 'src/web/script.ts' },
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    clean: false,
    minify: true,
    sourcemap: true,
    deps: { alwaysBundle: [/./] },
    inputOptions: { resolve: { conditionNames: ['@holdfast/source', 'browser', 'import', 'default'] } },
    outputOptions: { entryFileNames: 'web.js' },
    hooks: { 'build:done': ({ options }) => refuseLargeScript(`${options.outDir}/web.js`) },
  },
]);

function refuseLargeScript(path: string): void {
  const bytes = gzipSync(readFileSync(path), { level: 9 }).length;
  if (bytes > scriptBytesMax) {
    throw new Error(`${path} is ${bytes} bytes compressed, at most ${scriptBytesMax}: find out what came in`);
  }
  console.log(`${path}: ${bytes} bytes compressed`);
}
