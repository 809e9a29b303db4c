import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unsealJson } from '../storage/checksum';
import { PROJECT_FORMAT } from './project-file';
import { openProject } from './project-store';
import { GoldenFacts, hashOf, unpackFolder } from './testing/golden-file';
import { sampleLayers } from './testing/layered-project';
import {
  quickStorage,
  randomStroke,
  seeded,
  shape,
  temporaryFolder,
} from './testing/sample-project';

const golden = join(import.meta.dirname, 'testing', 'golden');
const names = (await readdir(golden)).filter((name) => name.endsWith('.json'));

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

async function hashes(project: Awaited<ReturnType<typeof openProject>>): Promise<string[]> {
  const found: string[] = [];
  for (let z = 0; z < shape.depth; z += 1) found.push(hashOf(await project.labels.slice(z)));
  return found;
}

/** Of every layer of every stack, by "stack/layer". */
async function layerHashes(
  project: Awaited<ReturnType<typeof openProject>>,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const one of sampleLayers) {
    const hashes: string[] = [];
    for (let z = 0; z < one.shape.depth; z += 1)
      hashes.push(hashOf(await project.labelsOf(one).voxelSlice(z)));
    found[`${one.stack}/${one.layer}`] = hashes;
  }
  return found;
}

describe('a project of every format there has been', () => {
  it('is in the repository', () => {
    const formats = Array.from(
      { length: PROJECT_FORMAT },
      (_, i) => `format-${String(i + 1)}.json`,
    );
    expect(names.sort()).toEqual(formats);
  });

  it.each(names)('%s opens with everything in it, and is written on', async (name) => {
    const facts = GoldenFacts.parse(JSON.parse(await readFile(join(golden, name), 'utf8')));
    await unpackFolder(join(golden, `${name}.gz`), folder);
    let project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    expect(project.recovery).toMatchObject({ strokesRecovered: facts.unsaved, complete: true });
    expect(project.labels.lastSequence).toBe(facts.lastSequence);
    expect(await hashes(project)).toEqual(facts.slices);
    if (facts.format >= 4) expect(await layerHashes(project)).toEqual(facts.layers);
    expect(project.classes).toMatchObject(facts.classes);
    expect(project.currentModel).toBe(facts.model);
    expect(project.stack.info.voxelSize).toMatchObject({ x: facts.voxel, source: 'user' });
    expect(await project.history(1 << 20)).toHaveLength(facts.history);
    expect((await project.versions.list()).map((version) => version.name)).toEqual(facts.versions);
    const next = facts.lastSequence + 1;
    await project.labels.append(randomStroke(seeded(next), next));
    project.setView({ ...project.view, z: 1 });
    await project.close();

    project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
    expect(project.recovery).toBeNull();
    expect(project.labels.lastSequence).toBe(next);
    expect((await project.verify()).problems).toEqual([]);
    await project.close();
    const content = unsealJson(await readFile(join(folder, 'project.json'), 'utf8'));
    expect(content).toMatchObject({
      format: PROJECT_FORMAT,
      laboratory: { room: 7 },
      view: { z: 1 },
    });
    expect(content?.['stacks']).toEqual(
      expect.arrayContaining([expect.objectContaining({ stain: 'osmium' })]),
    );
  });
});
