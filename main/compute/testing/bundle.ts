import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';

const root = resolve(import.meta.dirname, '..', '..', '..');

/**
 * Bundles a TypeScript entry so that a plain Node process can run it, as the
 * build does for the app, and returns the path of the built file. `path` is
 * relative to the repository.
 */
export async function bundleEntry(path: string): Promise<string> {
  const folder = resolve(root, '.cache', 'test-entries');
  await mkdir(folder, { recursive: true });
  const name = path.replace(/[^a-z0-9]+/gi, '-');
  const bundle = await rolldown({
    input: resolve(root, path),
    platform: 'node',
    external: [/^@tensorflow\//, /^onnxruntime-node/],
    logLevel: 'silent',
  });
  const file = resolve(folder, `${name}-${process.pid}.mjs`);
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return file;
}
