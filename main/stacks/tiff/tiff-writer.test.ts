import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileSystem } from '../../storage/file-system';
import { nodeFileSystem } from '../../storage/node-file-system';
import { openStack } from '../open-stack';
import type { Region } from '../stack-source';
import { createTiffWriter, type TiffWriterOptions, type WritableSlice } from './tiff-writer';
import { wholeSlice } from './testing/opened';

const signal = new AbortController().signal;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-write-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function written(
  slices: readonly WritableSlice[],
  options: TiffWriterOptions,
): Promise<string> {
  const path = join(folder, 'out.tif');
  const writer = await createTiffWriter(path, options);
  for (const slice of slices) await writer.append(slice);
  await writer.finish();
  return path;
}

async function readBack(
  path: string,
): Promise<{ slices: Region[]; info: Awaited<ReturnType<typeof openStack>>['info'] }> {
  const source = await openStack(path, { signal });
  const slices: Region[] = [];
  for (let z = 0; z < source.info.depth; z += 1) slices.push(await wholeSlice(source, z));
  await source.close();
  return { slices, info: source.info };
}

describe('a stack that is written', () => {
  it('reads back as it was, whatever its type, size, depth and flavour', async () => {
    const shape = fc.record({
      width: fc.integer({ min: 1, max: 70 }),
      height: fc.integer({ min: 1, max: 40 }),
      depth: fc.integer({ min: 1, max: 5 }),
      type: fc.constantFrom('uint8' as const, 'uint16' as const, 'float32' as const),
      compression: fc.constantFrom('none' as const, 'deflate' as const),
      alwaysBig: fc.boolean(),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ depth, seed, ...options }) => {
        const arrays = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array };
        const slices = Array.from({ length: depth }, (_, z) =>
          new arrays[options.type](options.width * options.height).map(
            (_v, at) => (at * seed + z * 31) % 60_000,
          ),
        );
        const { slices: back, info } = await readBack(await written(slices, options));
        expect(info).toMatchObject({ type: options.type, depth, warnings: [] });
        expect(back.map(({ data }) => data)).toEqual(slices);
      }),
      { numRuns: 40, seed: 2026 },
    );
  });

  it('keeps the voxel size to seven digits', async () => {
    const sizes = fc.double({ min: 0.05, max: 5000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (x, z) => {
        const voxelSize = { x, y: x, z, source: 'file' } as const;
        const { info } = await readBack(
          await written([new Uint8Array(4), new Uint8Array(4)], {
            width: 2,
            height: 2,
            type: 'uint8',
            voxelSize,
          }),
        );
        expect(info.voxelSize.x! / x).toBeCloseTo(1, 6);
        expect(info.voxelSize.z! / z).toBeCloseTo(1, 6);
      }),
      { numRuns: 25, seed: 2026 },
    );
  });

  it('cuts large slices into strips, so that a part of one can be read', async () => {
    const slice = new Uint16Array(1024 * 700).map((_, at) => at % 65_521);
    const path = await written([slice], { width: 1024, height: 700, type: 'uint16' });
    const source = await openStack(path, { signal });
    expect(source.readUnit).toEqual({ width: 1024, height: 128 });
    const part = await source.readRegion(0, { x: 1000, y: 600, width: 24, height: 1 }, 0, signal);
    expect(part.data[0]).toBe((600 * 1024 + 1000) % 65_521);
    await source.close();
  });
});

describe('a stack that could not be written', () => {
  const options = { width: 2, height: 2, type: 'uint8' } as const;

  it('leaves the old file and no other when it is given up', async () => {
    await writeFile(join(folder, 'out.tif'), 'old');
    const writer = await createTiffWriter(join(folder, 'out.tif'), options);
    await writer.append(new Uint8Array(4));
    await writer.abort();
    expect(await readdir(folder)).toEqual(['out.tif']);
    expect(await readFile(join(folder, 'out.tif'), 'utf8')).toBe('old');
  });

  it('leaves the old file and no other when the disk fills up', async () => {
    await writeFile(join(folder, 'out.tif'), 'old');
    let room = 6;
    const small: FileSystem = {
      ...nodeFileSystem,
      open: async (path, flags) => {
        const file = await nodeFileSystem.open(path, flags);
        return {
          ...file,
          write: async (bytes, offset, length, position) => {
            const fitting = Math.min(length, room);
            room -= fitting;
            return fitting === 0 ? 0 : file.write(bytes, offset, fitting, position);
          },
        };
      },
    };
    const writer = await createTiffWriter(join(folder, 'out.tif'), {
      ...options,
      compression: 'none',
      files: small,
    });
    await writer.append(new Uint8Array(4));
    await expect(writer.append(new Uint8Array(4))).rejects.toMatchObject({ code: 'disk.full' });
    expect(await readdir(folder)).toEqual(['out.tif']);
    expect(await readFile(join(folder, 'out.tif'), 'utf8')).toBe('old');
  });

  it.each([
    ['another size', new Uint8Array(5)],
    ['another type', new Uint16Array(4)],
  ])('refuses a slice of %s', async (_, slice) => {
    const writer = await createTiffWriter(join(folder, 'out.tif'), options);
    await expect(writer.append(slice)).rejects.toMatchObject({ code: 'stack.shape-mismatch' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so when the folder is not there', async () => {
    const path = join(folder, 'gone', 'out.tif');
    await expect(createTiffWriter(path, options)).rejects.toMatchObject({
      code: 'file.write-failed',
    });
  });
});
