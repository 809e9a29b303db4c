import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStack } from '#main/stacks/open-stack';
import { createTiffWriter, type WritableSlice } from '#main/stacks/tiff/tiff-writer';
import type { WritableType } from '#main/stacks/tiff/container/encode-directories';
import { failureOf, type Ran } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

const side = 128;
const depth = 4;
const pixels = side * side;

let lines: LineFolder;
beforeAll(async () => {
  lines = await makeLineFolder();
  await lines.run('project', 'create', 'E.emproj', '--stack', 'image.tif', '--json');
}, 60_000);
afterAll(() => lines.remove());

const project = (...words: string[]): Promise<Ran> => lines.run('project', ...words, '--json');

/** Writes a label stack, a slice a page. */
async function write(
  name: string,
  type: WritableType,
  slice: (z: number) => WritableSlice,
  size = { width: side, height: side },
): Promise<void> {
  const writer = await createTiffWriter(join(lines.folder, name), { ...size, type });
  for (let z = 0; z < depth; z += 1) await writer.append(slice(z));
  await writer.finish();
}

/** Cells of 16² pixels, each with an id of its own above 2²⁴, and a gap between them. */
const cells = (z: number): Uint32Array =>
  Uint32Array.from({ length: pixels }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    if (x % 16 === 0 || y % 16 === 0) return 0;
    return 4_000_000_001 + 1000 * z + 8 * (y >> 4) + (x >> 4);
  });

async function read(name: string): Promise<{ type: string; slices: ArrayLike<unknown>[] }> {
  const signal = new AbortController().signal;
  const source = await openStack(join(lines.folder, name), { signal });
  const slices = [];
  const rect = { x: 0, y: 0, width: source.info.width, height: source.info.height };
  for (let z = 0; z < source.info.depth; z += 1)
    slices.push((await source.readRegion(z, rect, 0, signal)).data);
  await source.close();
  return { type: source.info.type, slices };
}

describe('layers of ids on the command line', () => {
  it(
    'come from a label stack and go into one, in 16 or 32 bits, exact to the last id',
    async () => {
      await write('cells.tif', 'uint32', cells);
      await write('few.tif', 'uint16', (z) => new Uint16Array(pixels).fill(60_000 + z));
      const added = await project('add-ids', 'E.emproj', 'cells.tif', '--name', 'Neurons');
      expect(JSON.parse(added.stdout)).toMatchObject({
        ...{ name: 'Neurons', element: 'uint32', slices: depth },
      });
      expect((await project('add-ids', 'E.emproj', 'few.tif')).code).toBe(0);
      const out = await project('export', 'E.emproj', '--layer', 'Neurons', '--out', 'back.tif');
      expect(JSON.parse(out.stdout)).toMatchObject({ slices: [0, 1, 2, 3], element: 'uint32' });
      const back = await read('back.tif');
      expect(back.type).toBe('uint32');
      expect(back.slices).toEqual([0, 1, 2, 3].map(cells));
      await project('export', 'E.emproj', '--layer', 'few', '--slices', '2', '--out', 'two.tif');
      const few = await read('two.tif');
      expect(few).toEqual({ type: 'uint16', slices: [new Uint16Array(pixels).fill(60_002)] });
      expect((await project('verify', 'E.emproj')).code).toBe(0);
    },
    slow,
  );

  it(
    'are refused in words where they are none, and leave the project as it was',
    async () => {
      await write('shares.tif', 'float32', (z) => new Float32Array(pixels).fill(z === 2 ? 0.5 : 7));
      await write('small.tif', 'uint16', () => new Uint16Array(64 * 64), { width: 64, height: 64 });
      const before = await project('open', 'E.emproj');
      const refused = failureOf(await project('add-ids', 'E.emproj', 'shares.tif'));
      expect(refused.code).toBe('labels.not-ids');
      expect(refused.message).toBe('Slice 2 of shares.tif has the value 0.5, which is no id.');
      expect(failureOf(await project('add-ids', 'E.emproj', 'small.tif')).code).toBe(
        'stack.shape-mismatch',
      );
      const again = await project('add-ids', 'E.emproj', 'cells.tif', '--name', 'Neurons');
      expect(failureOf(again).code).toBe('usage');
      const none = await project('export', 'E.emproj', '--layer', 'shares', '--out', 'none.tif');
      expect(failureOf(none).message).toContain('Neurons, few');
      expect((await project('verify', 'E.emproj')).code).toBe(0);
      const after = await project('open', 'E.emproj');
      expect(after.stdout).toBe(before.stdout);
    },
    slow,
  );
});
