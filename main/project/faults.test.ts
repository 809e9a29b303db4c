import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePatch } from '#contract/label-patch-codec';
import { MembranaError } from '#contract/errors';
import { nodeFileSystem, type FileSystem } from './file-system';
import { openProject } from './project-store';
import { faultyFileSystem, type Fault, type Operation } from './testing/faulty-file-system';
import { PowerLossDisk } from './testing/power-loss-file-system';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  seeded,
} from './testing/sample-project';
import type { StorageOptions } from './storage-options';

const place = '/Sample.emproj';
/** Moments of a session at which the power goes, and at which each fault strikes, spread evenly. */
const TRIALS = 20;
const STRIKES = 6;
const options: Partial<StorageOptions> = {
  ...quickStorage,
  segmentBytes: 2048,
  undoBytes: 4096,
  cacheBytes: 600_000,
};

interface Painted {
  /** Last sequence that was acknowledged. */
  acknowledged: number;
  /** Whether the change to project.json was. */
  voxelSize: boolean;
}

/** A short session that saves in every way there is; goes on after failures, as a person would. */
async function session(files: FileSystem, seed: number, painted: Painted): Promise<void> {
  const project = await openProject(place, { readOnlyIfLocked: false }, { ...options, files });
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof MembranaError)) throw error;
    }
  };
  const stroke = async (): Promise<void> => {
    const sequence = project.labels.lastSequence + 1;
    await project.labels.append(encodePatch(randomPatch(seeded(seed + sequence), sequence)));
    painted.acknowledged = sequence;
  };
  for (let i = 0; i < 8; i += 1) {
    await attempt(stroke);
    if (i % 3 === 2) await attempt(() => project.labels.checkpoint());
    if (i === 5)
      await attempt(async () => {
        await project.setVoxelSize({ x: 1, y: 1, z: 1, source: 'user' });
        painted.voxelSize = true;
      });
  }
  await attempt(() => project.close());
}

/** What a person finds afterwards must be everything acknowledged, or a little more, and never a mix. */
async function expectNothingLost(files: FileSystem, seed: number, painted: Painted): Promise<void> {
  const project = await openProject(place, { readOnlyIfLocked: false }, { ...options, files });
  const { lastSequence } = project.labels;
  expect(lastSequence).toBeGreaterThanOrEqual(painted.acknowledged);
  const naive = new NaiveLabels();
  for (let sequence = 1; sequence <= lastSequence; sequence += 1)
    naive.apply(randomPatch(seeded(seed + sequence), sequence));
  expect(await differingSlices(project, naive)).toEqual([]);
  if (painted.voxelSize) expect(project.stack.info.voxelSize.x).toBe(1);
  expect(project.recovery?.message ?? '').not.toMatch(/damaged/);
  await project.close();
}

async function withoutLock(disk: PowerLossDisk): Promise<void> {
  await disk.removeFolder(`${place}/lock`);
}

describe('when the power goes', () => {
  it('every acknowledged stroke is there, wherever it went', { timeout: 120_000 }, async () => {
    const random = seeded(11);
    const trial = new PowerLossDisk(random);
    await (await newProject(place, { ...options, files: trial })).close();
    const before = trial.calls;
    await session(trial, 1, { acknowledged: 0, voxelSize: false });
    const calls = trial.calls - before;
    expect(calls).toBeGreaterThan(100);
    let recoveries = 0;
    const stride = calls / TRIALS;
    for (let at = 1 + random() * stride; at <= calls; at += stride) {
      const disk = new PowerLossDisk(random);
      await (await newProject(place, { ...options, files: disk })).close();
      disk.powerAfter = disk.calls + Math.floor(at);
      const painted: Painted = { acknowledged: 0, voxelSize: false };
      try {
        await session(disk, Math.floor(at), painted);
      } catch (error) {
        expect(error).toBeInstanceOf(MembranaError);
      }
      disk.cut();
      await withoutLock(disk);
      await expectNothingLost(disk, Math.floor(at), painted);
      if (painted.acknowledged > 0) recoveries += 1;
    }
    expect(recoveries).toBeGreaterThan(TRIALS / 2);
  });
});

describe('when the disk fails once, at any save point', () => {
  const faults: readonly { name: string; fault: (operation: Operation) => Fault }[] = [
    { name: 'EIO', fault: () => ({ code: 'EIO' }) },
    { name: 'ENOSPC', fault: () => ({ code: 'ENOSPC' }) },
    { name: 'a refused rename', fault: (op) => (op === 'rename' ? { code: 'EPERM' } : null) },
    { name: 'a short write', fault: (op) => (op === 'write' ? { shortTo: 3 } : null) },
    { name: 'a write of nothing', fault: (op) => (op === 'write' ? { shortTo: 0 } : null) },
    {
      name: 'a failing flush',
      fault: (op) => (op === 'sync' || op === 'datasync' ? { code: 'EIO' } : null),
    },
  ];
  it.each(faults)('$name loses nothing', { timeout: 120_000 }, async ({ fault }) => {
    let strikes = 0;
    for (let trial = 0; trial < STRIKES; trial += 1) {
      const at = Math.floor((trial / STRIKES) * 120);
      const struck: Operation[] = [];
      const disk = new PowerLossDisk(seeded(at));
      await (await newProject(place, { ...options, files: disk })).close();
      let call = 0;
      const files = faultyFileSystem((operation, path) => {
        if (path.includes('/lock')) return null;
        call += 1;
        if (call < at || struck.length > 0) return null;
        const result = fault(operation);
        // The first call from `at` on that this fault can strike.
        if (result) struck.push(operation);
        return result;
      }, disk);
      const painted: Painted = { acknowledged: 0, voxelSize: false };
      try {
        await session(files, at, painted);
      } catch (error) {
        expect(error).toBeInstanceOf(MembranaError);
      }
      strikes += struck.length;
      // A program that went on after the fault must also survive what it was afraid of.
      if (trial % 2 === 0) disk.cut();
      await withoutLock(disk);
      await expectNothingLost(disk, at, painted);
    }
    expect(strikes).toBeGreaterThan(STRIKES / 2);
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
    let ballast = false;
    const files: FileSystem = {
      ...faultyFileSystem((operation, path) => {
        if (path.endsWith('ballast.bin') && operation === 'unlink') ballast = false;
        if (!full || !['write', 'open'].includes(operation)) return null;
        return ballast ? { code: 'ENOSPC' } : null;
      }, disk),
      freeBytes: () => Promise.resolve(full ? 0 : 1e12),
    };
    const storage = {
      ...options,
      files,
      ballastBytes: 4096,
      onWarning: (error: MembranaError) => warnings.push(error),
    };
    const project = await newProject(place, storage);
    ballast = true;
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
