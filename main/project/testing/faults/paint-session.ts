import { MembranaError } from '#contract/errors';
import { TILE_PIXELS } from '#contract/tiles';
import type { FileSystem } from '../../../storage/file-system';
import { openProject } from '../../project-store';
import type { Project } from '../../project';
import type { StorageOptions } from '../../storage-options';
import type { Findings } from './findings';
import {
  differingLayers,
  NaiveLayers,
  randomEdit,
  randomStep,
  sameVoxels,
  sampleLayers,
} from '../layered-project';
import { quickStorage, seeded } from '../sample-project';

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
export function paintedUpTo(seed: number, last: number): NaiveLayers {
  const naive = new NaiveLayers();
  for (let sequence = 1; sequence <= last; sequence += 1)
    naive.apply(randomEdit(seeded(seed + sequence), sequence));
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
    await project.labels.append(randomStep(seeded(seed + sequence), sequence));
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

/** Whether a version is not what its layer, the first one, was when it was saved. */
async function versionDiffers(
  project: Project,
  number: number,
  expected: NaiveLayers,
): Promise<boolean> {
  const record = await project.versions.record(number);
  const [{ shape, stack, layer, element }] = sampleLayers;
  const kept = new NaiveLayers();
  const runs = Uint32Array.of(0, TILE_PIXELS);
  for (const key of Object.keys(record.tiles)) {
    const [z = 0, ty = 0, tx = 0] = key.split('/').map(Number);
    const values = await project.versions.tile(record, key);
    if (!values) continue;
    const after = { kind: 'voxels', values } as const;
    const chunks = [{ z, ty, tx, runs, before: after, after }];
    const layers = [{ stack, layer, element, chunks }];
    kept.apply({ sequence: 0, action: 'do', name: 'Version', layers });
  }
  for (let z = 0; z < shape.depth; z += 1)
    if (!sameVoxels(kept.slice(sampleLayers[0], z), expected.slice(sampleLayers[0], z)))
      return true;
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
    const different = await differingLayers(project, paintedUpTo(seed, lastSequence));
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
