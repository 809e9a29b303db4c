import { gunzipSync } from 'node:zlib';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportFormats, type ExportFormat, type VoxelSize } from '#contract/entities';
import { temporaryFolder } from '../../project/testing/sample-project';
import { nodeFileSystem } from '../../storage/node-file-system';
import type { FileSystem, OpenFile } from '../../storage/file-system';
import { openStack } from '../../stacks/open-stack';
import { createImageWriter } from './create-writer';
import type { ImageSlice, ImageSpec, StackPicture } from './image-writer';

const width = 700;
const height = 530;
const slices = [3, 4, 5];
const voxelSize: VoxelSize = { x: 4, y: 5, z: 50, source: 'file' };
const values = [
  { value: 0, name: 'not membrane' },
  { value: 255, name: 'membrane' },
];
const legend = [{ value: 255, name: 'membrane', colour: '#e69f00' }];
const signal = new AbortController().signal;

/** Lines of three pixels, thin enough to be lost by averaging, another in each slice. */
function labelsOf(z: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: width * height }, (_, i) =>
    ((i % width) + 7 * z + Math.floor(i / width)) % 40 < 3 ? 255 : 0,
  );
}
const greyOf = (z: number): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: width * height }, (_, i) => (i * (z + 3)) % 65_521);

/** The stack under the labels: 16 bits, eight slices. */
const picture: StackPicture = {
  info: {
    ...{ width, height, depth: 8, type: 'uint16', samples: 1, voxelSize },
    meaning: { kind: 'grey', stored: 'grey', alpha: null },
    ...{ axes: 'ZYX', compression: 'none', byteOrder: 'little', fileBytes: 1, warnings: [] },
  },
  readRegion: (z) =>
    Promise.resolve({ type: 'uint16', width, height, samples: 1, data: greyOf(z), bad: [] }),
};
const spec: ImageSpec = {
  ...{ name: 'mask', width, height, slices, type: 'uint8', voxelSize, values, legend, picture },
};

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

const target = (format: ExportFormat): string => join(folder, `out-${format}`);

async function write(
  format: ExportFormat,
  change: Partial<ImageSpec> = {},
  slice: (z: number) => ImageSlice = labelsOf,
): Promise<number> {
  const writer = await createImageWriter(format, target(format), { ...spec, ...change });
  for (const z of slices) await writer.append(slice(z), signal);
  return writer.finish();
}

async function slicesIn(path: string) {
  const source = await openStack(path, { signal });
  const { info } = source;
  const whole = { x: 0, y: 0, width: info.width, height: info.height };
  const data = [];
  for (let z = 0; z < info.depth; z += 1) {
    const region = await source.readRegion(z, whole, 0, signal);
    expect(region.bad).toEqual([]);
    data.push(region.data);
  }
  await source.close();
  return { info, data };
}

const same = (a: ArrayBufferView | undefined, b: ArrayBufferView): boolean =>
  a !== undefined &&
  Buffer.compare(
    Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  ) === 0;

describe('an exported image', () => {
  it.each(['tiff', 'png', 'nrrd'] as const)(
    'as %s reads back pixel by pixel, in 8 and 16 bits',
    async (format) => {
      await write(format);
      const eight = await slicesIn(target(format));
      expect(eight.info).toMatchObject({ width, height, depth: 3, type: 'uint8' });
      if (format !== 'png') expect(eight.info.voxelSize).toMatchObject({ x: 4, y: 5, z: 50 });
      slices.forEach((z, i) => {
        expect(same(eight.data[i], labelsOf(z))).toBe(true);
      });
      await write(format, { type: 'uint16', legend: null }, greyOf);
      const sixteen = await slicesIn(target(format));
      expect(sixteen.info.type).toBe('uint16');
      slices.forEach((z, i) => {
        expect(same(sixteen.data[i], greyOf(z))).toBe(true);
      });
    },
  );

  it('as PNG has a folder of its own, numbered as the slices are, and says what it holds', async () => {
    await write('png');
    expect((await readdir(target('png'))).sort()).toEqual([
      '.membrana-export',
      'export.json',
      'mask-z0003.png',
      'mask-z0004.png',
      'mask-z0005.png',
    ]);
    const said: unknown = JSON.parse(await readFile(join(target('png'), 'export.json'), 'utf8'));
    expect(said).toMatchObject({ slices, values, voxelNanometres: { x: 4, y: 5, z: 50 } });
  });

  it('as NRRD is one gzip stream behind a header that says sizes and spacings', async () => {
    const bytes = await write('nrrd');
    const file = await readFile(target('nrrd'));
    expect(file.length).toBe(bytes);
    const end = file.indexOf('\n\n');
    const header = file.subarray(0, end).toString('ascii').split('\n');
    expect(header).toContain('sizes: 700 530 3');
    expect(header).toContain('spacings: 4 5 50');
    expect(header).toContain('membrana_slices:=3-5');
    expect(header).toContain('membrana_values:=0: not membrane; 255: membrane');
    const pixels = gunzipSync(file.subarray(end + 2));
    slices.forEach((z, i) => {
      const one = pixels.subarray(i * width * height, (i + 1) * width * height);
      expect(Buffer.compare(one, labelsOf(z))).toBe(0);
    });
  });

  it.each(['ome-zarr-0.4', 'ome-zarr-0.5'] as const)(
    'as %s lies inside the stack it was drawn on, at several sizes, both with their voxel size',
    async (format) => {
      const bytes = await write(format);
      expect(bytes).toBeGreaterThan(1000);
      const stack = await slicesIn(target(format));
      expect(stack.info).toMatchObject({
        depth: 3,
        type: 'uint16',
        voxelSize: { x: 4, y: 5, z: 50 },
      });
      const labels = await slicesIn(join(target(format), 'labels', 'mask'));
      expect(labels.info).toMatchObject({
        depth: 3,
        type: 'uint8',
        voxelSize: { x: 4, y: 5, z: 50 },
      });
      slices.forEach((z, i) => {
        expect(same(stack.data[i], greyOf(z))).toBe(true);
        expect(same(labels.data[i], labelsOf(z))).toBe(true);
      });
      const half = await openStack(join(target(format), 'labels', 'mask'), { signal });
      expect(half.levels).toEqual([0, 1]);
      const whole = { x: 0, y: 0, width: 350, height: 265 };
      const { data } = await half.readRegion(0, whole, 1, signal);
      await half.close();
      // A thin line lasts: where two or more of four are membrane, so is the pixel.
      const full = labelsOf(3);
      const expected = Uint8Array.from({ length: 350 * 265 }, (_, i) => {
        const at = 2 * Math.floor(i / 350) * width + 2 * (i % 350);
        const four = [full[at], full[at + 1], full[at + width], full[at + width + 1]];
        return four.filter((value) => value === 255).length >= 2 ? 255 : 0;
      });
      expect(same(data, expected)).toBe(true);
    },
  );

  it('as OME-Zarr 0.5 is few files: a shard of 64 slices, whose index is sealed', async () => {
    await write('ome-zarr-0.5');
    const shard = join(target('ome-zarr-0.5'), 'labels', 'mask', '0', 'c', '0', '0', '0');
    const bytes = await readFile(shard);
    // Three slices of 2 × 2 chunks; a shard of three slices has room for 12.
    const index = bytes.subarray(-(12 * 16 + 4), -4);
    const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
    let next = 0n;
    for (let i = 0; i < 12; i += 1) {
      expect(view.getBigUint64(i * 16, true)).toBe(next);
      next += view.getBigUint64(i * 16 + 8, true);
    }
    expect(Number(next)).toBe(bytes.length - index.length - 4);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
    await writeFile(shard, bytes);
    const source = await openStack(join(target('ome-zarr-0.5'), 'labels', 'mask'), { signal });
    const region = await source.readRegion(0, { x: 0, y: 0, width, height }, 0, signal);
    await source.close();
    expect(region.bad.length).toBeGreaterThan(0);
  });

  it('of no labels is the image of an OME-Zarr itself, and a later start is told', async () => {
    await write('ome-zarr-0.4', { legend: null, picture: null, name: 'probability' });
    const { info } = await slicesIn(target('ome-zarr-0.4'));
    expect(info.depth).toBe(3);
    const said = await readFile(join(target('ome-zarr-0.4'), '.zattrs'), 'utf8');
    expect(JSON.parse(said)).toMatchObject({
      multiscales: [
        { datasets: [{ coordinateTransformations: [{}, { translation: [150, 0, 0] }] }, {}] },
      ],
      membrana: { slices: '3-5' },
    });
  });
});

describe('an export that fails', () => {
  it.each(exportFormats)('as %s leaves what was there, and nothing half', async (format) => {
    await write(format);
    const before = await readdir(folder);
    const abort = new AbortController();
    const stopped = await createImageWriter(format, target(format), spec);
    await stopped.append(labelsOf(3), signal);
    abort.abort();
    await expect(stopped.append(labelsOf(4), abort.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(await readdir(folder)).toEqual(before);
    await write(format);
    expect(await readdir(folder)).toEqual(before);
  });

  it.each(exportFormats)('as %s for want of room says so, and leaves nothing', async (format) => {
    const full = (file: OpenFile): OpenFile => ({ ...file, write: () => Promise.resolve(0) });
    const files: FileSystem = {
      ...nodeFileSystem,
      open: async (path, flags) => {
        const file = await nodeFileSystem.open(path, flags);
        return flags === 'wx' && !path.endsWith('.membrana-export') ? full(file) : file;
      },
    };
    await expect(write(format, { files })).rejects.toMatchObject({ code: 'disk.full' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['ome-zarr-0.4', 'ome-zarr-0.5', 'png'] as const)(
    'as %s replaces no folder that something else made',
    async (format) => {
      await mkdir(target(format));
      await writeFile(join(target(format), 'thesis.txt'), 'mine');
      await expect(write(format)).rejects.toMatchObject({ code: 'export.folder-exists' });
      expect(await readdir(target(format))).toEqual(['thesis.txt']);
      expect(await readdir(folder)).toHaveLength(1);
    },
  );

  it('for a slice of the stack that can’t be read is refused, not filled with zeros', async () => {
    const bad = [
      { x: 0, y: 0, width: 9, height: 9, state: 'corrupt' as const, reason: 'it ends early' },
    ];
    const torn: StackPicture = {
      ...picture,
      readRegion: async (z, rect, level, stop) => ({
        ...(await picture.readRegion(z, rect, level, stop)),
        bad: z === 4 ? bad : [],
      }),
    };
    await expect(write('ome-zarr-0.5', { picture: torn })).rejects.toMatchObject({
      code: 'stack.page-unreadable',
    });
    await expect(write('ome-zarr-0.4', { picture: null })).rejects.toMatchObject({
      code: 'project.source-missing',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
