import { encodePatch } from '#contract/label-patch-codec';
import { MembranaError } from '#contract/errors';
import type { FileSystem } from '../../../storage/file-system';
import { openProject } from '../../project-store';
import type { Project } from '../../project';
import type { StorageOptions } from '../../storage-options';
import {
  differingSlices,
  NaiveLabels,
  quickStorage,
  randomPatch,
  seeded,
  shape,
} from '../sample-project';
import type { Findings } from './findings';

export const sessionPlace = '/Sample.emproj';

/** Small files, and room for two tiles in memory, so that everything happens often. */
export const sessionStorage: Partial<StorageOptions> = {
  ...quickStorage,
  segmentBytes: 2048,
  undoBytes: 4096,
  cacheBytes: 600_000,
};

/** What was acknowledged in a session: it must be there afterwards, whatever happened. */
export interface Acknowledged {
  sequence: number;
  voxelSize: boolean;
  /** A saved version: its number, and the last stroke that is in it. */
  version: { readonly number: number; readonly sequence: number } | null;
}

export function nothingYet(): Acknowledged {
  return { sequence: 0, voxelSize: false, version: null };
}

/** The labels after the strokes 1 … `last` of a seed. */
export function paintedUpTo(seed: number, last: number): NaiveLabels {
  const naive = new NaiveLabels();
  for (let sequence = 1; sequence <= last; sequence += 1)
    naive.apply(randomPatch(seeded(seed + sequence), sequence));
  return naive;
}

/** A short session that saves in every way there is; goes on after failures, as a person would. */
export async function paintSession(
  files: FileSystem,
  seed: number,
  acknowledged: Acknowledged,
): Promise<void> {
  const storage = { ...sessionStorage, files };
  const project = await openProject(sessionPlace, { readOnlyIfLocked: false }, storage);
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
    acknowledged.sequence = sequence;
  };
  for (let i = 0; i < 8; i += 1) {
    await attempt(stroke);
    if (i % 3 === 2) await attempt(() => project.labels.checkpoint());
    if (i === 4)
      await attempt(async () => {
        const { sequence } = acknowledged;
        const { number } = await project.versions.save('Half way');
        acknowledged.version = { number, sequence };
      });
    if (i === 5)
      await attempt(async () => {
        await project.setVoxelSize({ x: 1, y: 1, z: 1, source: 'user' });
        acknowledged.voxelSize = true;
      });
  }
  await attempt(() => project.close());
}

async function versionDiffers(
  project: Project,
  number: number,
  expected: NaiveLabels,
): Promise<boolean> {
  const record = await project.versions.record(number);
  const kept = new NaiveLabels();
  for (const key of Object.keys(record.tiles)) {
    const [z = 0, ty = 0, tx = 0] = key.split('/').map(Number);
    const bytes = await project.versions.tile(record, key);
    if (bytes) kept.put(z, tx, ty, bytes);
  }
  for (let z = 0; z < shape.depth; z += 1)
    if (Buffer.compare(kept.slice(z), expected.slice(z)) !== 0) return true;
  return false;
}

/** What a person finds afterwards must be everything acknowledged, or a little more, and never a mix. */
export async function expectNothingLost(
  files: FileSystem,
  seed: number,
  acknowledged: Acknowledged,
  findings: Findings,
  what: string,
): Promise<void> {
  findings.count('acknowledged', acknowledged.sequence);
  await findings.attempt(`${what}: opening again`, async () => {
    const storage = { ...sessionStorage, files };
    const project = await openProject(sessionPlace, { readOnlyIfLocked: false }, storage);
    const { lastSequence } = project.labels;
    const lost = Math.max(0, acknowledged.sequence - lastSequence);
    findings.count('lost', lost);
    findings.expect(lost === 0, `${what}: ${String(lost)} acknowledged strokes lost`);
    const different = await differingSlices(project, paintedUpTo(seed, lastSequence));
    findings.expect(different.length === 0, `${what}: labels differ from what was painted`);
    if (acknowledged.voxelSize)
      findings.expect(project.stack.info.voxelSize.x === 1, `${what}: voxel size lost`);
    if (acknowledged.version) {
      const { number, sequence } = acknowledged.version;
      const differs = await versionDiffers(project, number, paintedUpTo(seed, sequence));
      findings.expect(!differs, `${what}: a saved version is not what was saved`);
    }
    const { problems } = await project.verify();
    findings.expect(
      problems.length === 0,
      `${what}: ${problems.map(({ file, problem }) => `${file}: ${problem}`).join('; ')}`,
    );
    await project.close();
  });
}
