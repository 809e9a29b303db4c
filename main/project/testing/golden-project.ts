import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelId } from '#contract/ids';
import type { ProjectStep } from '#contract/project-step';
import { sealJson, unsealJson } from '../../storage/checksum';
import { PROJECT_FORMAT } from '../project-file';
import { openProject } from '../project-store';
import { hashOf, packFolder } from './golden-file';
import { newLayeredProject, randomStep, sampleLayers } from './layered-project';
import { quickStorage, seeded } from './sample-project';

/*
 * Makes the golden project of the format that this version writes, once, when
 * that format is released: `golden-project main/project/testing/golden`.
 * Later versions must open it as the JSON beside it says.
 */
const [, , folder = '.'] = process.argv;
const work = await mkdtemp(join(tmpdir(), 'membrana-golden-'));
const place = join(work, 'Golden.emproj');
const options = { ...quickStorage, segmentBytes: 1500, undoBytes: 1 << 20 };
let project = await newLayeredProject(place, options);

async function paint(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const sequence = project.labels.lastSequence + 1;
    await project.labels.append(randomStep(seeded(sequence), sequence));
  }
}

async function change(name: string, what: ProjectStep['change']): Promise<void> {
  const sequence = project.labels.lastSequence + 1;
  await project.apply({ sequence, action: 'do', name, change: what });
}

await paint(5);
await project.labels.checkpoint();
await paint(5);
await project.versions.save('Half way');
await project.setVoxelSize({ x: 3.7, y: 3.7, z: 50, source: 'user' });
await project.close();

// Fields of a version that is still to come.
const path = join(place, 'project.json');
const { stacks, ...rest } = unsealJson(await readFile(path, 'utf8')) ?? {};
const later = Array.isArray(stacks)
  ? stacks.map((one) => Object.assign({ stain: 'osmium' }, one) as unknown)
  : [];
await writeFile(path, `${sealJson({ ...rest, laboratory: { room: 7 }, stacks: later })}\n`);

project = await openProject(place, { readOnlyIfLocked: false }, options);
const before = project.classes;
const after = before.map((one) => (one.id === 2 ? { ...one, name: 'plasma membrane' } : one));
await change('Rename class', { kind: 'classes', before, after });
await change('Use model', { kind: 'model', before: null, after: ModelId.parse('general') });
await paint(4);

// As a kill would leave it.
const copy = join(work, 'Copy.emproj');
await cp(place, copy, { recursive: true });
const name = `format-${String(PROJECT_FORMAT)}`;
await packFolder(copy, join(folder, `${name}.json.gz`));
const layers: Record<string, string[]> = {};
for (const one of sampleLayers) {
  const hashes: string[] = [];
  for (let z = 0; z < one.shape.depth; z += 1)
    hashes.push(hashOf(await project.labelsOf(one).voxelSlice(z)));
  layers[`${one.stack}/${one.layer}`] = hashes;
}
const facts = {
  format: PROJECT_FORMAT,
  lastSequence: project.labels.lastSequence,
  unsaved: 4,
  history: (await project.history(1 << 20)).length,
  slices: layers['stack-1/membranes'],
  layers,
  classes: project.classes,
  model: project.currentModel,
  voxel: 3.7,
  versions: ['Half way'],
};
await writeFile(join(folder, `${name}.json`), `${JSON.stringify(facts, null, 2)}\n`);
await project.close();
await rm(work, { recursive: true });
