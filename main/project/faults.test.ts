import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePatch } from '#contract/label-patch-codec';
import type { MembranaError } from '#contract/errors';
import { type FileSystem } from '../storage/file-system';
import { nodeFileSystem } from '../storage/node-file-system';
import { openProject } from './project-store';
import { atomicFaults } from './testing/faults/atomic-faults';
import { diskFault, diskFaults } from './testing/faults/disk-faults';
import { sessionPlace, sessionStorage } from './testing/faults/paint-session';
import { powerLoss } from './testing/faults/power-loss';
import { faultyFileSystem } from '../storage/testing/faulty-file-system';
import { PowerLossDisk } from '../storage/testing/power-loss-file-system';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  randomPatch,
  seeded,
} from './testing/sample-project';

const place = sessionPlace;
const options = sessionStorage;

describe('when the power goes', () => {
  it('every acknowledged stroke is there, wherever it went', { timeout: 120_000 }, async () => {
    const { failures, counts } = await powerLoss(20);
    expect(failures).toEqual([]);
    expect(counts['lost']).toBe(0);
  });
});

describe('when the disk fails once, at any save point', () => {
  it.each(diskFaults)('$name loses nothing', { timeout: 120_000 }, async (fault) => {
    expect((await diskFault(fault, 6)).failures).toEqual([]);
  });

  it('a file that is being replaced is the old one or the new one', async () => {
    expect((await atomicFaults()).failures).toEqual([]);
  });
});

describe('on a disk that stays full', () => {
  let warnings: MembranaError[] = [];
  beforeEach(() => {
    warnings = [];
  });
  afterEach(() => {
    expect(warnings.every(({ code }) => code === 'disk.full')).toBe(true);
  });

  it('the stroke that met it is saved, later ones are refused, and painting goes on when there is room', async () => {
    const disk = new PowerLossDisk(seeded(3));
    let full = false;
    let reserve = false;
    const files: FileSystem = {
      ...faultyFileSystem((operation, path) => {
        if (path.endsWith('ballast.bin') && operation === 'unlink') reserve = false;
        if (!full || !['write', 'open'].includes(operation)) return null;
        return reserve ? { code: 'ENOSPC' } : null;
      }, disk),
      freeBytes: () => Promise.resolve(full ? 0 : 1e12),
    };
    const storage = {
      ...options,
      files,
      reserveBytes: 4096,
      onWarning: (error: MembranaError) => warnings.push(error),
    };
    const project = await newProject(place, storage);
    reserve = true;
    const naive = new NaiveLabels();
    const paint = async (sequence: number): Promise<void> => {
      const patch = randomPatch(seeded(sequence), sequence);
      await project.labels.append(encodePatch(patch));
      naive.apply(patch);
    };
    await paint(1);
    full = true;
    await paint(2);
    expect(warnings).toHaveLength(1);
    await expect(paint(3)).rejects.toMatchObject({ code: 'disk.full' });
    await expect(paint(3)).rejects.toMatchObject({ code: 'disk.full' });
    expect(await differingSlices(project, naive)).toEqual([]);
    full = false;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await paint(3);
    await project.close();
    const again = await openProject(place, { readOnlyIfLocked: false }, storage);
    expect(await differingSlices(again, naive)).toEqual([]);
    await again.close();
  });
});

it('the faulty file system passes everything through when it has no fault', () => {
  expect(Object.keys(faultyFileSystem(() => null)).sort()).toEqual(
    Object.keys(nodeFileSystem).sort(),
  );
});
