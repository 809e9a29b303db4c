import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeStack } from '../describe';
import { openStack } from '../open-stack';

const signal = new AbortController().signal;
const folder = new URL('fixtures/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  readonly string[]
>;
const names = Object.keys(expected);

async function described(name: string): ReturnType<typeof describeStack> {
  const source = await openStack(fileURLToPath(new URL(name, folder)), { signal });
  try {
    return await describeStack(source, { digest: true, signal });
  } finally {
    await source.close();
  }
}

describe('files that tifffile and libtiff wrote', () => {
  it('are all here', () => expect(names.length).toBeGreaterThanOrEqual(45));

  // The two decoders of JPEG may round differently; its picture is compared below.
  it.each(names.filter((name) => !name.startsWith('jpeg')))(
    '%s reads as they read it',
    async (name) => {
      const { pages } = await described(name);
      expect(pages).toEqual(expected[name]!.map((sha256) => ({ state: 'ok', sha256 })));
    },
  );

  it('reads JPEG tiles to within rounding', async () => {
    const source = await openStack(fileURLToPath(new URL('jpeg-grey.tif', folder)), { signal });
    const rect = { x: 0, y: 0, width: 52, height: 40 };
    const { data, bad } = await source.readRegion(0, rect, 0, signal);
    await source.close();
    expect(bad).toEqual([]);
    // The picture is a ramp of 3 a pixel in both directions with a little noise on it.
    for (const [x, y] of [
      [3, 3],
      [30, 10],
      [40, 20],
    ] as const)
      expect(Math.abs(Number(data[y * 52 + x]) - ((3 * (x + y)) % 256) - 4)).toBeLessThan(12);
  });

  it.each([
    ['imagej-hyperstack.tif', { x: 4, y: 4, z: 50, unit: 'nm' }, 'ZYX', []],
    ['imagej-micron.tif', { x: 4.6, y: 4.6, z: 47.5, unit: 'nm' }, 'ZYX', []],
    ['imagej-frames.tif', null, 'TYX', ['axes-as-slices']],
    ['ome-zyx.tif', { x: 4, y: 4, z: 50, unit: 'nm' }, 'ZYX', []],
    ['ome-czyx.tif', { x: 8, y: 8, z: null, unit: 'nm' }, 'CZYX', ['axes-as-slices']],
    ['resolution-cm.tif', { x: 4, y: 4, z: null, unit: 'nm' }, 'YX', []],
    ['deflate-u8.tif', null, 'ZYX', []],
    ['imagej-zunit.tif', { x: 4.6, y: 4.6, z: 47.5, unit: 'nm' }, 'ZYX', []],
    ['imagej-plural.tif', { x: 4, y: 4, z: 50, unit: 'nm' }, 'ZYX', []],
    ['scan-4800-dpi.tif', null, 'YX', ['print-resolution']],
    ['imagej-inch.tif', null, 'ZYX', ['print-resolution']],
    ['rgb-shaped.tif', null, 'YXS', []],
    ['rgb-trailing.tif', null, 'YXS', []],
    ['rgb-stack-shaped.tif', null, 'ZYXS', []],
    ['rgb.ome.tif', null, 'ZYXS', []],
    ['pyramid.ome.tif', null, 'ZYX', []],
    ['two-images.ome.tif', null, 'ZYX', ['ome-series']],
    ['two-arrays.tif', null, 'ZYX', ['series']],
    ['preview-first.tif', null, 'YX', []],
    ['small-first.tif', null, 'YX', ['mixed-pages']],
    ['slide.tif', null, 'YX', ['mixed-pages']],
  ] as const)('%s tells its voxel size and axes', async (name, voxelSize, axes, warnings) => {
    const answer = await described(name);
    const rounded =
      answer.voxelSize === null
        ? null
        : Object.fromEntries(
            Object.entries(answer.voxelSize).map(([key, value]) => [
              key,
              typeof value === 'number' ? Number(value.toPrecision(6)) : value,
            ]),
          );
    expect(rounded).toEqual(voxelSize);
    expect([answer.axes, answer.warnings.map(({ code }) => code)]).toEqual([axes, warnings]);
  });
});
