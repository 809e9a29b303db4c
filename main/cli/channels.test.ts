import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { imageTags, tiffBytes } from '../stacks/tiff/testing/tiff-bytes';
import { failureOf } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

const side = 128;
let lines: LineFolder;

/** Slices of which each pixel has one value of each channel. */
async function write(name: string, channels: readonly ((i: number) => number)[]): Promise<void> {
  const pixels = Uint8Array.from({ length: side * side * channels.length }, (_, at) =>
    channels[at % channels.length]!(Math.floor(at / channels.length)),
  );
  const tags = imageTags({ width: side, height: side, samples: channels.length });
  const page = { tags, blocks: [pixels] };
  await writeFile(join(lines.folder, name), tiffBytes({ pages: [page, page] }));
}

beforeAll(async () => {
  lines = await makeLineFolder();
  const wall = (i: number): boolean => (i % side) % 16 < 3 || Math.floor(i / side) % 16 < 3;
  const image = (i: number): number => (wall(i) ? 60 : 180) + (Math.imul(i, 2654435761) >>> 27);
  const other = (i: number): number => (i * 7 + (i >> 5)) % 251;
  await write('plain.tif', [image]);
  await write('two.tif', [other, image]);
  await write('truth.tif', [(i) => (wall(i) ? 0 : 255)]);
  await write('map.tif', [other, (i) => (wall(i) ? 255 : 0)]);
}, 60_000);

afterAll(() => lines.remove());

const Trained = z.object({ finalLoss: z.number(), notes: z.array(z.string()) });
const Scored = z.object({
  atThreshold: z.object({ dice: z.number() }),
  warnings: z.array(z.string()),
});

describe('--channel', () => {
  it(
    'of train learns from that channel, as from a picture of it alone',
    async () => {
      const train = async (image: string, out: string, ...more: string[]) => {
        const words = ['--image', image, '--labels', 'truth.tif', '--membrane', '0', '--out', out];
        const size = ['--steps', '1', '--base-filters', '4', '--validate', 'none'];
        return lines.run('train', ...words, ...size, ...more, '--json');
      };
      const alone = Trained.parse(JSON.parse((await train('plain.tif', 'a')).stdout));
      const second = Trained.parse(
        JSON.parse((await train('two.tif', 'b', '--channel', '1')).stdout),
      );
      expect(second).toEqual({ finalLoss: alone.finalLoss, notes: [] });
      const first = Trained.parse(JSON.parse((await train('two.tif', 'c')).stdout));
      expect(first.finalLoss).not.toBe(alone.finalLoss);
      expect(first.notes.join()).toMatch(/2 channels; the first/);
      expect(failureOf(await train('two.tif', 'd', '--channel', '2')).code).toBe('usage');
    },
    slow,
  );

  it(
    'of evaluate scores that channel of the prediction',
    async () => {
      const score = async (...more: string[]) => {
        const words = ['--prediction', 'map.tif', '--truth', 'truth.tif', '--membrane', '0'];
        return lines.run('evaluate', ...words, ...more, '--json');
      };
      const second = Scored.parse(JSON.parse((await score('--channel', '1')).stdout));
      expect(second).toEqual({ atThreshold: { dice: 1 }, warnings: [] });
      const first = Scored.parse(JSON.parse((await score()).stdout));
      expect(first.atThreshold.dice).toBeLessThan(0.9);
      expect(first.warnings.join()).toMatch(/2 channels; the first/);
      expect(failureOf(await score('--channel', '2')).code).toBe('usage');
    },
    slow,
  );
});
