import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openStack } from '#main/stacks/open-stack';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

const sample = resolve(import.meta.dirname, '..', '..', 'resources', 'sample', 'vnc-sample.tif');
const signal = new AbortController().signal;
const Thresholds = z.object({ cells: z.number(), pixel: z.number() });
const Segmented = z.object({ thresholds: Thresholds, notes: z.array(z.string()) });
const Trusted = z.object({
  light: z.string(),
  threshold: z.number(),
  better: z.object({ threshold: z.number() }).nullable(),
});

let lines: LineFolder;

/** About normal, the same in every run. */
function noiseOf(seed: number): () => number {
  let state = seed + 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Three slices of the sample's middle under so much noise that the model is in doubt. */
async function writeNoisy(path: string): Promise<void> {
  const source = await openStack(sample, { signal });
  const box = { x: 96, y: 96, width: 256, height: 256 };
  const { voxelSize } = source.info;
  const writer = await createTiffWriter(path, { ...box, type: 'uint8', voxelSize });
  try {
    for (const slice of [0, 1, 2]) {
      const { data } = await source.readRegion(slice, box, 0, signal);
      if (!(data instanceof Uint8Array)) throw new Error('the sample is of 8 bits');
      const noise = noiseOf(slice);
      const grey = Float32Array.from(data, Number).map((value) => value + 70 * noise());
      await writer.append(new Uint8Array(Uint8ClampedArray.from(grey)), signal);
    }
    await writer.finish();
  } finally {
    await source.close();
  }
}

beforeAll(async () => {
  lines = await makeLineFolder();
  await writeNoisy(`${lines.folder}/noisy.tif`);
}, slow);
afterAll(() => lines.remove());

async function segmented(...more: string[]): Promise<z.infer<typeof Segmented>> {
  const out = ['--out', 'p.tif', '--slices', '0', '--json', '--quiet', '--conditioning', 'none'];
  const { stdout } = await lines.run('segment', 'noisy.tif', '--model', 'general', ...out, ...more);
  return Segmented.parse(JSON.parse(stdout));
}

it(
  'parts the cells of a mask where the window does: from a steadier threshold on where the model is in doubt, unless one is told',
  async () => {
    const trust = ['trust', 'noisy.tif', '--model', 'general', '--conditioning', 'none', '--json'];
    const told = Trusted.parse(JSON.parse((await lines.run(...trust)).stdout));
    expect(told.light).not.toBe('green');
    const steadier = told.better?.threshold;
    expect(steadier).toBeDefined();
    const mask = await segmented('--mask', 'm.tif');
    expect(mask.thresholds.cells).toBe(steadier);
    expect(mask.notes.join(' ')).toContain(`parted from ${String(steadier)} on`);
    const asked = await segmented('--mask', 'm2.tif', '--cells-threshold', '0.3');
    expect(asked.thresholds.cells).toBe(0.3);
    expect(asked.notes.join(' ')).not.toContain('parted');
    // No mask, nothing to part.
    expect((await segmented()).thresholds.cells).toBe(told.threshold);
  },
  slow,
);
