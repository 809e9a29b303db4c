import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { refusePlaceBoundPackages } from './bundled-packages.mjs';

/** What the Node side is made of: source → one self-contained file in dist/. */
export function nodeEntries() {
  const bench = join(root, 'bench');
  const benchmarks = existsSync(bench)
    ? readdirSync(bench).filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file))
    : [];
  return [
    { source: 'electron/main.ts', output: 'dist/main/electron.js', format: 'esm' },
    { source: 'electron/preload.ts', output: 'dist/main/preload.cjs', format: 'cjs' },
    { source: 'main/compute/handlers/entry.ts', output: 'dist/main/compute.js', format: 'esm' },
    { source: 'main/stacks/decode-worker.ts', output: 'dist/main/decode-worker.js', format: 'esm' },
    {
      source: 'model/engines/onnx/gradient-worker.ts',
      output: 'dist/main/gradient-worker.js',
      format: 'esm',
    },
    { source: 'main/cli/cli.ts', output: 'dist/main/cli.js', format: 'esm' },
    {
      source: 'bench/race/utility-host.ts',
      output: 'dist/bench/race/utility-host.js',
      format: 'esm',
    },
    ...benchmarks.map((file) => ({
      source: `bench/${file}`,
      output: `dist/bench/${file.replace(/\.ts$/, '.js')}`,
      format: 'esm',
    })),
  ];
}

export const rendererEntries = ['renderer/index.html', 'renderer/main.ts'];

/** Loaded at run time: the runtime's own module, packages with native parts, and the HDF5 library, which few sessions need and which asks where it stands. */
const external = [
  /^electron$/,
  /^onnxruntime-node$/,
  /^h5wasm$/,
  /^@tensorflow\//,
  /^playwright(-core)?$/,
  /^@playwright\//,
];

/**
 * The options of one bundle, for a build and for a watch.
 * @returns {import('rolldown').BuildOptions & import('rolldown').WatchOptions}
 */
export function bundleOptions({ source, output, format }) {
  return {
    cwd: root,
    input: source,
    external,
    platform: 'node',
    tsconfig: false,
    logLevel: 'silent',
    plugins: [refusePlaceBoundPackages()],
    output: {
      file: output,
      format,
      codeSplitting: false,
      sourcemap: true,
      minify: false,
    },
  };
}
