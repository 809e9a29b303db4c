import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { greyPng } from '../stacks/slices/testing/pictures';
import { imageTags, tiffBytes } from '../stacks/tiff/testing/tiff-bytes';
import { writeImage } from '../stacks/zarr/testing/zarr-folder';
import { failureOf } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

const side = 128;
const depth = 3;
let lines: LineFolder;

type Value = (x: number, y: number, z: number) => number;
const wall = (x: number, y: number): boolean => x % 16 < 3 || y % 16 < 3;
const image: Value = (x, y, z) => (wall(x, y) ? 60 : 180) + ((x * 31 + y * 17 + z * 7) % 23);
const truth: Value = (x, y) => (wall(x, y) ? 0 : 255);

/** The same picture as a TIFF, as a folder of PNG slices, and as an OME-Zarr. */
async function write(name: string, value: Value): Promise<void> {
  const place = (at: number): [number, number] => [at % side, Math.floor(at / side)];
  const pages = Array.from({ length: depth }, (_, z) => ({
    tags: imageTags({ width: side, height: side }),
    blocks: [Uint8Array.from({ length: side * side }, (_, at) => value(...place(at), z))],
  }));
  await writeFile(join(lines.folder, `${name}.tif`), tiffBytes({ pages }));
  const folder = join(lines.folder, name);
  await mkdir(folder);
  for (let z = 0; z < depth; z += 1)
    await writeFile(
      join(folder, `${z}.png`),
      greyPng(side, side, (x, y) => value(x, y, z)),
    );
  await writeImage(join(lines.folder, `${name}.zarr`), [
    {
      format: 3,
      shape: [depth, side, side],
      chunk: [2, 50, 50],
      type: 'uint8',
      compress: 'gzip',
      value: ([z = 0, y = 0, x = 0]) => value(x, y, z),
    },
  ]);
}

beforeAll(async () => {
  lines = await makeLineFolder();
  await write('raw', image);
  await write('lines', truth);
}, 60_000);
afterAll(() => lines.remove());

const Info = z.object({ pages: z.array(z.object({ sha256: z.string() })) });
const Trained = z.object({ finalLoss: z.number() });

describe('a stack that is a folder', () => {
  it('has the pixels of the TIFF, in info', async () => {
    const digests = async (name: string): Promise<string[]> => {
      const { stdout } = await lines.run('info', name, '--digest', '--json', '--quiet');
      return Info.parse(JSON.parse(stdout)).pages.map(({ sha256 }) => sha256);
    };
    const wanted = await digests('raw.tif');
    expect(wanted).toHaveLength(depth);
    expect(await digests('raw')).toEqual(wanted);
    expect(await digests('raw.zarr')).toEqual(wanted);
  });

  it(
    'trains and segments to the same numbers, as image and as labels',
    async () => {
      const train = async (raw: string, labels: string, out: string): Promise<number> => {
        const words = ['--image', raw, '--labels', labels, '--membrane', '0', '--out', out];
        const size = ['--steps', '2', '--base-filters', '4', '--validate', 'none', '--json'];
        const { stdout } = await lines.run('train', ...words, ...size);
        return Trained.parse(JSON.parse(stdout)).finalLoss;
      };
      const loss = await train('raw.tif', 'lines.tif', 'a');
      expect(await train('raw', 'lines.zarr', 'b')).toBe(loss);
      expect(await train('raw.zarr', 'lines', 'c')).toBe(loss);
      const segment = async (raw: string): Promise<string> => {
        const out = `${raw}-map.tif`;
        const ran = await lines.run('segment', raw, '--model', 'a', '--out', out, '--quiet');
        expect(ran.code).toBe(0);
        const map = Info.parse(
          JSON.parse((await lines.run('info', out, '--digest', '--json', '--quiet')).stdout),
        );
        return createHash('sha256').update(JSON.stringify(map)).digest('hex');
      };
      const map = await segment('raw.tif');
      expect(await segment('raw')).toBe(map);
      expect(await segment('raw.zarr')).toBe(map);
    },
    slow,
  );

  it(
    'with a lost chunk is segmented but for the slices that it is in',
    async () => {
      await rm(join(lines.folder, 'raw.zarr', '0', 'c', '1', '0', '1'));
      const words = ['--model', 'a', '--out', 'lost.tif', '--json', '--quiet'];
      const ran = await lines.run('segment', 'raw.zarr', ...words);
      expect(ran.stdout).toMatch(/its chunk is not there/);
      const answer = await readFile(join(lines.folder, 'lost.tif')).catch(() => null);
      expect(answer).not.toBeNull();
    },
    slow,
  );

  it('that is none is refused by name', async () => {
    await mkdir(join(lines.folder, 'empty'));
    const ran = await lines.run('info', 'empty', '--json');
    expect(ran.code).toBe(2);
    expect(failureOf(ran)).toMatchObject({ code: 'stack.no-image' });
  });
});
