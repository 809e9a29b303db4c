import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EvaluateResult } from '../compute/requests';
import { buildCli, failureOf, runCli, startCli, type BuiltCli } from './testing/built-cli';

let cli: BuiltCli;

beforeAll(async () => {
  cli = await buildCli();
}, 60_000);

const folder = resolve('resources', 'replay');
const membranes = ['--truth', 'vnc-membranes.tif', '--membrane', '255'];
const words = ['evaluate', '--prediction', 'vnc-crops.tif', ...membranes];
const scores = [
  ...['vRand', 'vRandPrecision', 'vRandRecall', 'vInfo', 'vInfoPrecision', 'vInfoRecall'],
  ...['randError', 'pixelError', 'dice', 'iou', 'accuracy'],
];

describe('membrana evaluate', () => {
  it('prints every score, the sweep, the warping error and the errors as one document', async () => {
    const ran = await runCli(cli, folder, [
      ...words,
      ...['--slices', '2', '--threshold', '0.6', '--warping', '--errors', '3', '--json', '--quiet'],
    ]);
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
    const result = EvaluateResult.parse(JSON.parse(ran.stdout));
    expect(Object.keys(result.atThreshold)).toEqual(
      expect.arrayContaining(['threshold', ...scores, 'warpingError']),
    );
    expect(result.sweep.map(({ threshold }) => threshold)).toEqual([
      ...[1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0],
    ]);
    expect(result.sweep).toContainEqual(result.best);
    expect(result.sweep).toContainEqual(result.atThreshold);
    expect(result.errors?.worst).toHaveLength(3);
  }, 120_000);

  it('prints a table for people', async () => {
    const ran = await runCli(cli, folder, [...words, '--slices', '2', '--errors', '2', '--quiet']);
    expect(ran.code).toBe(0);
    for (const name of ['V_Rand', 'V_Info', 'Rand err.', 'pixel err.', 'Dice', 'IoU', 'accuracy'])
      expect(ran.stdout).toContain(name);
    expect(ran.stdout.match(/^sweep /gm)).toHaveLength(11);
    expect(ran.stdout).toMatch(/^(merge|split|lost) +slice 2 +x \d+ +y \d+ /m);
    expect(ran.stdout).not.toContain('warping');
  }, 120_000);

  it('refuses a number of errors that is none', async () => {
    const ran = await runCli(cli, folder, [...words, '--errors', 'all', '--json']);
    expect(failureOf(ran).code).toBe('usage');
    expect(ran.code).toBe(2);
  }, 120_000);

  it('is cancelled in the middle of a sweep by Ctrl+C', async () => {
    const { child, ended } = startCli(cli, folder, [
      ...words,
      '--warping',
      '--errors',
      '9',
      '--json',
    ]);
    child.stderr?.once('data', () => child.kill('SIGINT'));
    const ran = await ended;
    expect(failureOf(ran).code).toBe('job.cancelled');
    expect(ran.code).toBe(130);
  }, 120_000);
});
