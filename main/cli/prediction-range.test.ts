import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageTags, tiffBytes } from '#main/stacks/tiff/testing/tiff-bytes';
import { EvaluateResult } from '../compute/requests';
import { buildCli, failureOf, runCli, type BuiltCli, type Ran } from './testing/built-cli';

const side = 64;
let cli: BuiltCli;
let folder: string;

/** 1 on walls of 4 pixels every 16. */
const wall = (at: number): number => (at % 16 < 4 || Math.floor(at / side) % 16 < 4 ? 1 : 0);

async function write(
  name: string,
  type: 'uint8' | 'uint32' | 'float32',
  value: (at: number) => number,
): Promise<void> {
  const values = Array.from({ length: side * side }, (_, at) => value(at));
  const pixels = {
    uint8: Uint8Array,
    uint32: Uint32Array,
    float32: Float32Array,
  }[type].from(values);
  const bits = 8 * pixels.BYTES_PER_ELEMENT;
  const tags = imageTags({ width: side, height: side, bits, format: type === 'float32' ? 3 : 1 });
  await writeFile(
    join(folder, name),
    tiffBytes({ pages: [{ tags, blocks: [new Uint8Array(pixels.buffer)] }] }),
  );
}

const score = (prediction: string, ...more: string[]): Promise<Ran> =>
  runCli(cli, folder, [
    ...['evaluate', '--prediction', prediction, '--truth', 'truth.tif', '--membrane', '16777217'],
    ...['--threshold', '0.6', '--json', ...more],
  ]);

const read = (ran: Ran): EvaluateResult => EvaluateResult.parse(JSON.parse(ran.stdout));

beforeAll(async () => {
  cli = await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'membrana-range-'));
  await write('truth.tif', 'uint32', (at) => 16_777_216 + wall(at));
  await write('bytes.tif', 'uint8', (at) => 20 + 230 * wall(at));
  await write('mask.tif', 'uint8', wall);
  await write('holes.tif', 'float32', (at) => (at % 7 === 0 ? Number.NaN : 0.9 * wall(at)));
  await write('turned.tif', 'float32', (at) => 0.9 - 0.8 * wall(at));
  await write('percent.tif', 'uint8', (at) => 100 * wall(at) + (at % 3));
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('membrana evaluate says what it took a prediction for', { timeout: 120_000 }, () => {
  it.each([
    ['bytes.tif', 'values from 0 to 255'],
    ['mask.tif', 'a mask of 0 and 1'],
  ])('%s: %s, beside ids that single precision mixes up', async (name, said) => {
    const ran = await score(name);
    const { atThreshold, prediction } = read(ran);
    expect(atThreshold.dice).toBe(1);
    expect(prediction.range.said).toBe(said);
    expect(ran.stderr).toContain(said);
  });

  it('leaves pixels without a number out and counts them', async () => {
    const { atThreshold, prediction, warnings } = read(await score('holes.tif'));
    expect(atThreshold.dice).toBe(1);
    expect(prediction.notNumbers).toBe(Math.ceil((side * side) / 7));
    expect(warnings.join(' ')).toContain('no number');
  });

  it('says when the prediction contradicts the truth, and takes it the other way round', async () => {
    const ran = await score('turned.tif');
    expect(read(ran).warnings.join(' ')).toContain('--invert');
    expect(ran.stderr).toContain('contradicts');
    const turned = read(await score('turned.tif', '--invert'));
    expect(turned.atThreshold.dice).toBe(1);
    expect(turned.warnings).toEqual([]);
  });

  it('refuses what can be meant in two ways, until it is told', async () => {
    const ran = await score('percent.tif');
    expect(failureOf(ran).code).toBe('prediction.range-unclear');
    expect(ran.code).toBe(2);
    expect(read(await score('percent.tif', '--range', '0-100')).atThreshold.dice).toBe(1);
    expect(failureOf(await score('percent.tif', '--range', '7')).code).toBe('usage');
  });

  it('names the values that are there when the one asked for is not', async () => {
    const ran = await runCli(cli, folder, [
      ...['evaluate', '--prediction', 'mask.tif', '--truth', 'truth.tif'],
      ...['--membrane', '255', '--json'],
    ]);
    const { code, hint } = failureOf(ran);
    expect(code).toBe('labels.value-absent');
    expect(hint).toMatch(/16777217 \(\d/);
  });
});
