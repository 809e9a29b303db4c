import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleOptions } from './entries.mjs';

const root = resolve(import.meta.dirname, '..', '..');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(root, 'dist', 'bundled-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Bundles a program as the build does. */
async function bundled(program: string): Promise<number> {
  const source = join(folder, 'program.js');
  await writeFile(source, program);
  const options = bundleOptions({ source, output: join(folder, 'out.js'), format: 'esm' });
  const bundle = await rolldown(options);
  try {
    return (await bundle.generate(options.output)).output.length;
  } finally {
    await bundle.close();
  }
}

it('refuses a package that would take our thread for its own', async () => {
  const whole = "const tiff = await import('geotiff'); console.log(tiff);";
  await expect(bundled(whole)).rejects.toThrow(/web-worker\/.* uses worker_threads/);
});

it('takes a part of the same package that does not', async () => {
  await expect(
    bundled("import { getDecoder } from 'geotiff'; console.log(getDecoder);"),
  ).resolves.toBeGreaterThan(0);
});
