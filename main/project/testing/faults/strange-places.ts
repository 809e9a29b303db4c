import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MembranaError } from '#contract/errors';
import { ModelId } from '#contract/ids';
import { encodePatch } from '#contract/label-patch-codec';
import { ModelStore, newModelId } from '../../../models/model-store';
import { openProject } from '../../project-store';
import type { Project } from '../../project';
import {
  newProject,
  quickStorage,
  randomPatch,
  renameStep,
  seeded,
  shape,
} from '../sample-project';
import {
  attacked,
  fingerprintOf,
  leaksIn,
  placesIn,
  releasePipes,
  strangers,
  type Place,
} from '../strange-entries';
import { Findings } from './findings';

/** An answer takes milliseconds; one that takes this long, on however busy a machine, does not come. */
const ANSWER_MS = 5000;
const model = ModelId.parse('m-1');
/** Places from where one kind of stranger begins to where the next does; coprime to the shares that are used. */
const APART = 7;

async function paint(project: Project): Promise<void> {
  const sequence = project.labels.lastSequence + 1;
  await project.labels.append(encodePatch(randomPatch(seeded(sequence), sequence)));
}

async function addModel(project: Project): Promise<void> {
  await new ModelStore('', project.modelsFolder).add(
    {
      id: newModelId(),
      name: 'Larva',
      origin: 'trained',
      parent: null,
      created: new Date().toISOString(),
      network: {},
      baseFilters: 4,
      normalisation: 'z-score-per-slice',
      pixelSize: null,
      conditioning: null,
      thresholds: { topology: 0.5, pixel: 0.5 },
      classes: [],
      scores: null,
      scoresNote: '',
      training: null,
      licence: '',
      citation: '',
      status: { kind: 'accepted', reason: '' },
    },
    Float32Array.of(1, 2),
  );
}

/** A project with everything in it that one can have: two checkpoints, versions, predictions, a model, a crash to recover from. */
export async function fullProject(place: string): Promise<void> {
  const project = await newProject(place, quickStorage);
  for (let round = 0; round < 2; round += 1) {
    for (let stroke = 0; stroke < 3; stroke += 1) await paint(project);
    await project.labels.checkpoint();
  }
  await project.apply(renameStep(project.labels.lastSequence + 1));
  await project.versions.save('Before');
  await project.predictions.write(model, 0, new Uint8Array(shape.width * shape.height).fill(90));
  await addModel(project);
  await project.close();
  // What a killed holder, and a killed training, leave behind.
  await writeFile(join(place, 'lock', 'heartbeat'), 'gone');
  await mkdir(join(place, 'training'));
  await writeFile(join(place, 'training', 'm-1.checkpoint'), 'gone');
}

/** Everything that a session does with a project; each step by itself, so that one refusal does not spare the others. */
const deeds: readonly ((project: Project) => Promise<unknown>)[] = [
  (project) => project.history(1 << 20),
  (project) => project.labels.slice(0),
  (project) => project.labels.slice(1),
  paint,
  paint,
  (project) => project.apply(renameStep(project.labels.lastSequence + 1)),
  (project) => project.labels.checkpoint(),
  (project) => project.versions.list(),
  (project) => project.versions.save('After'),
  (project) => project.predictions.slice(model, 0),
  (project) =>
    project.predictions.write(model, 1, new Uint8Array(shape.width * shape.height).fill(9)),
  (project) => new ModelStore('', project.modelsFolder).list(),
  addModel,
  (project) => project.verify(),
  (project) => project.close(),
];

interface Attack {
  readonly place: Place;
  readonly stranger: string;
}

/** Runs `work` and says what was wrong with its end: nothing, a hang, an error without a code. */
async function answer(work: () => Promise<unknown>): Promise<string | null> {
  const late = new AbortController();
  const timer = sleep(ANSWER_MS, 'late' as const, { signal: late.signal }).catch(() => 'late');
  try {
    const first = await Promise.race([work().then(() => 'done' as const), timer]);
    return first === 'late' ? `no answer in ${String(ANSWER_MS)} ms` : null;
  } catch (error) {
    if (error instanceof MembranaError) return null;
    return `an error without a code: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    late.abort();
  }
}

async function attack(
  whole: string,
  { place, stranger }: Attack,
  folder: string,
  findings: Findings,
): Promise<void> {
  const what = `${stranger} at ${place.path}`;
  const { copy, outside } = await attacked(whole, place, stranger, folder);
  const before = await fingerprintOf(outside);
  const start = performance.now();
  const opened: Project[] = [];
  const wrong: (string | null)[] = [];
  wrong.push(
    await answer(async () => {
      opened.push(await openProject(copy, { readOnlyIfLocked: true }, quickStorage));
    }),
  );
  if (opened.length === 0) findings.count('refused');
  for (const project of opened)
    for (const deed of deeds) wrong.push(await answer(() => deed(project)));
  findings.count('attacks');
  const took = performance.now() - start;
  findings.counts['ms slowest'] = Math.round(Math.max(findings.counts['ms slowest'] ?? 0, took));
  for (const failure of wrong) if (failure !== null) findings.expect(false, `${what}: ${failure}`);
  if (wrong.some((failure) => failure?.startsWith('no answer'))) {
    await releasePipes(copy);
    await sleep(200);
  }
  findings.expect((await fingerprintOf(outside)) === before, `${what}: something outside changed`);
  for (const file of await leaksIn(copy))
    findings.expect(false, `${what}: ${file} holds what is private`);
}

/**
 * Links, pipes, sockets, folders, huge files in the place of every file and
 * folder of a project. `share`: 1 = each in every place, n = each in every n-th
 * and in one at least, so that one file more in a project spares no kind.
 */
export async function strangePlaces(folder: string, share: number): Promise<Findings> {
  const findings = new Findings('something strange in a project');
  if (process.platform === 'win32') {
    findings.notes.push('not on Windows: it has no such entries');
    return findings;
  }
  const whole = join(folder, 'Whole.emproj');
  await rm(whole, { recursive: true, force: true });
  await fullProject(whole);
  const places = await placesIn(whole);
  const attacks = Object.entries(strangers).flatMap(([stranger, { for: kinds }], number) => {
    const all = places
      .filter(({ kind }) => kinds.includes(kind))
      .map((place): Attack => ({ place, stranger }));
    // Each kind begins elsewhere, so that few of them still see many places.
    const first = (number * APART) % Math.min(share, all.length);
    return all.filter((_, i) => i % share === first);
  });
  findings.count('places', places.length);
  for (const one of attacks)
    await findings.attempt(`${one.stranger} at ${one.place.path}`, () =>
      attack(whole, one, folder, findings),
    );
  return findings;
}
