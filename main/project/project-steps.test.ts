import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ModelId, StackId } from '#contract/ids';
import { encodeStep, invertStep, type ProjectStep } from '#contract/project-step';
import { unsealJson } from './checksum';
import { nodeFileSystem } from './file-system';
import { encodeRecord, readRecord } from './journal-record';
import { journalFolder, listSegments, segmentPath } from './journal-segment';
import type { Project } from './project';
import { openProject } from './project-store';
import { bundleProgram } from './testing/bundle-program';
import { startProgram } from './testing/child-program';
import { faultyFileSystem } from './testing/faulty-file-system';
import {
  differingSlices,
  NaiveLabels,
  newProject,
  quickStorage,
  randomPatch,
  randomStroke,
  renameStep,
  seeded,
  shape,
  temporaryFolder,
} from './testing/sample-project';
import type { StorageOptions } from './storage-options';

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

const membraneOf = (project: Project): string | undefined =>
  project.classes.find(({ id }) => id === 2)?.name;
const stroke = (sequence: number): Uint8Array => randomStroke(seeded(sequence), sequence);
const reopened = (place: string, options: Partial<StorageOptions> = {}): Promise<Project> =>
  openProject(place, { readOnlyIfLocked: false }, { ...quickStorage, ...options });

async function written(place: string): Promise<{ membrane: string; stepSequence: number }> {
  const Content = z.object({
    classes: z.array(z.object({ name: z.string() })),
    stepSequence: z.number(),
  });
  const content = Content.parse(unsealJson(await readFile(join(place, 'project.json'), 'utf8')));
  return { membrane: content.classes[1]?.name ?? '', stepSequence: content.stepSequence };
}

/** What a crash at this moment leaves: the folder as it is, without the lock of a living process. */
async function crashed(place: string, copy: string): Promise<string> {
  const to = join(folder, copy);
  await cp(place, to, { recursive: true });
  await rm(join(to, 'lock'), { recursive: true, force: true });
  return to;
}

describe('a journal record', () => {
  it('of a step keeps its kind and its bytes', () => {
    const payload = encodeStep(renameStep(7));
    const bytes = encodeRecord({ sequence: 7, time: 5, kind: 'step', payload });
    expect(bytes[24]).toBe(2);
    const read = readRecord(bytes, 0);
    expect(read).toMatchObject({ kind: 'record', record: { sequence: 7, kind: 'step' } });
    if (read.kind !== 'record') throw new Error('unread');
    expect(Buffer.compare(read.record.payload, payload)).toBe(0);
  });

  it('of a kind that is not known yet is bad, even with a right checksum', () => {
    const payload = new Uint8Array(3);
    const known = encodeRecord({ sequence: 1, time: 0, kind: 'label-patch', payload });
    expect(readRecord(known, 0).kind).toBe('record');
    const unknown = Uint8Array.from(known);
    unknown[24] = 3;
    const sum = crc32(unknown.subarray(8), crc32(unknown.subarray(0, 4)));
    new DataView(unknown.buffer).setUint32(4, sum, true);
    expect(readRecord(unknown, 0)).toEqual({ kind: 'bad', complete: true });
  });
});

describe('project steps', () => {
  it('share the order of the strokes; a repeated one counts once, another of its number is refused', async () => {
    const place = join(folder, 'P.emproj');
    const project = await newProject(place);
    await project.labels.append(stroke(1));
    expect(await project.apply(renameStep(2))).toEqual({ sequence: 2 });
    expect(await project.apply(renameStep(2))).toEqual({ sequence: 2 });
    await expect(project.apply({ ...renameStep(2), name: 'Other' })).rejects.toMatchObject({
      code: 'project.step-invalid',
    });
    await expect(project.apply(renameStep(4))).rejects.toThrow(/3 comes first/);
    await expect(project.labels.append(stroke(2))).rejects.toThrow(/has this number/);
    await project.labels.append(stroke(3));
    expect(membraneOf(project)).toBe('membrane 2');
    const history = await project.history(1e6);
    expect(history.map(({ kind }) => kind)).toEqual(['labels', 'project', 'labels']);
    expect(history[1]).toEqual({ kind: 'project', step: renameStep(2) });
    await project.close();
    await expect(project.apply(renameStep(4))).rejects.toMatchObject({ code: 'project.read-only' });
  });

  it('that were acknowledged are there after a crash before project.json had them', async () => {
    const place = join(folder, 'P.emproj');
    const project = await newProject(place);
    await project.labels.append(stroke(1));
    await project.apply(renameStep(2));
    const copy = await crashed(place, 'Crashed.emproj');
    expect(await written(copy)).toEqual({ membrane: 'membrane', stepSequence: 0 });
    const again = await reopened(copy);
    expect(membraneOf(again)).toBe('membrane 2');
    expect(again.recovery?.message).toBe('Recovered 1 stroke and 1 other change, 0 lost.');
    await again.close();
    expect(await written(copy)).toEqual({ membrane: 'membrane 2', stepSequence: 2 });
    // Nothing is done twice: what project.json has is not taken from the journal again.
    const last = await reopened(copy);
    await last.apply(invertStep(renameStep(2), 'undo', 3));
    expect(membraneOf(last)).toBe('membrane');
    await last.close();
    const end = await reopened(copy);
    expect([membraneOf(end), end.recovery]).toEqual(['membrane', null]);
    await end.close();
    await project.close();
  });

  it('are in project.json a moment later', async () => {
    const project = await newProject(folder);
    await project.apply(renameStep(1));
    await expect.poll(() => written(folder)).toEqual({ membrane: 'membrane 1', stepSequence: 1 });
    await project.close();
  });

  it('survive that project.json can not be written at all', async () => {
    const place = join(folder, 'P.emproj');
    await (await newProject(place)).close();
    const files = faultyFileSystem((operation, path) =>
      operation === 'rename' && path.endsWith('project.json') ? { code: 'EIO' } : null,
    );
    const warnings: string[] = [];
    const project = await reopened(place, { files, onWarning: ({ code }) => warnings.push(code) });
    await project.apply(renameStep(1));
    await project.close();
    expect(warnings).toContain('file.write-failed');
    expect((await written(place)).stepSequence).toBe(0);
    const again = await reopened(place);
    expect(membraneOf(again)).toBe('membrane 1');
    await again.close();
  });

  it('leave the journal only when project.json and its copy have them', async () => {
    const place = join(folder, 'P.emproj');
    let broken = false;
    const files = faultyFileSystem((operation, path) =>
      broken && operation === 'rename' && /project(-backup)?\.json$/.test(path)
        ? { code: 'EIO' }
        : null,
    );
    const options = { files, segmentBytes: 2048, undoBytes: 0 };
    const project = await newProject(place, options);
    const segments = (): Promise<number[]> => listSegments(files, journalFolder(place));
    let sequence = 0;
    const paint = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) await project.labels.append(stroke((sequence += 1)));
    };
    broken = true;
    await project.apply(renameStep((sequence += 1)));
    for (let round = 0; round < 4; round += 1) {
      await paint(8);
      await project.labels.checkpoint().catch(() => undefined);
    }
    expect((await segments())[0]).toBe(1);
    const copy = await crashed(place, 'Crashed.emproj');
    broken = false;
    const again = await reopened(copy, options);
    expect(membraneOf(again)).toBe('membrane 1');
    await again.close();

    await paint(8);
    await project.labels.checkpoint();
    expect((await segments())[0]).toBeGreaterThan(1);
    expect(await written(place)).toEqual({ membrane: 'membrane 1', stepSequence: 1 });
    // The copy has it too: a damaged project.json does not bring the old name back.
    const late = await crashed(place, 'Damaged.emproj');
    await writeFile(join(late, 'project.json'), 'damaged');
    const backup = await reopened(late, options);
    expect(membraneOf(backup)).toBe('membrane 1');
    await backup.close();
    await project.close();
  });

  it('go on when the journal folder was lost, from numbers that begin again', async () => {
    const place = join(folder, 'P.emproj');
    const project = await newProject(place);
    for (let n = 1; n <= 5; n += 1) await project.apply(renameStep(n));
    await project.close();
    await rm(journalFolder(place), { recursive: true });
    const second = await reopened(place);
    expect([membraneOf(second), second.labels.lastSequence]).toEqual(['membrane 5', 0]);
    await second.apply({ ...renameStep(9), sequence: 1 });
    const third = await reopened(await crashed(place, 'Crashed.emproj'));
    expect(membraneOf(third)).toBe('membrane 9');
    await third.close();
    await second.close();
  });

  it('that a later one replaced, because they were never acknowledged, do not count', async () => {
    const place = join(folder, 'P.emproj');
    await (await newProject(place)).close();
    const journal = journalFolder(place);
    const record = (step: ProjectStep): Uint8Array =>
      encodeRecord({ sequence: step.sequence, time: 0, kind: 'step', payload: encodeStep(step) });
    await writeFile(
      segmentPath(journal, 1),
      Buffer.concat([record(renameStep(1)), record(renameStep(2)), record(renameStep(3))]),
    );
    await writeFile(segmentPath(journal, 2), record({ ...renameStep(77), sequence: 2 }));
    const project = await reopened(place);
    expect(membraneOf(project)).toBe('membrane 77');
    expect(project.labels.lastSequence).toBe(2);
    await project.close();
  });

  it('can be read beside a writer, and change nothing there', async () => {
    const place = join(folder, 'P.emproj');
    const writer = await newProject(place);
    await writer.apply(renameStep(1));
    const reader = await openProject(place, { readOnlyIfLocked: true }, quickStorage);
    expect(reader.access.kind).toBe('read-only');
    expect(membraneOf(reader)).toBe('membrane 1');
    await expect(reader.apply(renameStep(2))).rejects.toMatchObject({ code: 'project.read-only' });
    await reader.close();
    expect((await written(place)).stepSequence).toBe(0);
    await writer.close();
  });

  it('take predictions out of view and bring them back; a new map is always in view', async () => {
    const model = ModelId.parse('general');
    const map = new Uint8Array(shape.width * shape.height).fill(200);
    const project = await newProject(folder);
    for (const z of [0, 1]) await project.predictions.write(model, z, map);
    const shown: ProjectStep = {
      sequence: 1,
      action: 'do',
      name: 'Segment 2 slices',
      change: {
        kind: 'predictions',
        stack: StackId.parse('stack-1'),
        model,
        slices: [0, 1],
        before: 'hidden',
        after: 'shown',
      },
    };
    await project.apply(shown);
    await project.apply(invertStep(shown, 'undo', 2));
    expect(project.predictions.list()).toEqual([]);
    expect(await project.predictions.slice(model, 0)).toBeNull();
    await project.close();

    const again = await reopened(folder);
    expect(again.predictions.list()).toEqual([]);
    await again.apply({ ...shown, sequence: 3, action: 'redo' });
    expect(again.predictions.list()).toEqual([
      { model, z: 0 },
      { model, z: 1 },
    ]);
    expect((await again.predictions.slice(model, 1))?.[0]).toBe(200);
    await again.apply(invertStep(shown, 'undo', 4));
    await again.predictions.write(model, 1, map);
    expect(again.predictions.list()).toEqual([{ model, z: 1 }]);
    await again.close();
    const last = await reopened(folder);
    expect(last.predictions.list()).toEqual([{ model, z: 1 }]);
    await last.close();
  });

  it('set the model, whatever main itself set before', async () => {
    const place = join(folder, 'P.emproj');
    const project = await newProject(place);
    const [one, two] = [ModelId.parse('one'), ModelId.parse('two')];
    await project.setCurrentModel(one);
    const change = { kind: 'model', before: null, after: one } as const;
    await project.apply({ sequence: 1, action: 'do', name: 'Retrain', change });
    await project.apply({
      sequence: 2,
      action: 'do',
      name: 'Use model two',
      change: { kind: 'model', before: one, after: two },
    });
    await project.setCurrentModel(one);
    const again = await reopened(await crashed(place, 'Crashed.emproj'));
    expect(again.currentModel).toBe(one);
    await again.close();
    await project.close();
  });
});

describe('a program that is killed between steps', () => {
  it('loses no step that it reported saved', { timeout: 120_000 }, async () => {
    const program = await bundleProgram('stepper', folder);
    const place = join(folder, 'Killed.emproj');
    await (await newProject(place)).close();
    const random = seeded(3);
    let acknowledged = 0;
    let behind = 0;
    for (let kill = 0; kill < 5; kill += 1) {
      const stepper = startProgram(program, place, '50');
      await stepper.gotLines(40);
      await sleep(random() * 300);
      await stepper.kill();
      const Saved = z.object({ saved: z.number() });
      const saved = stepper.lines.slice(1).map((line) => Saved.parse(line).saved);
      acknowledged = Math.max(acknowledged, ...saved);
      const before = await written(place);

      const project = await reopened(place);
      const { lastSequence } = project.labels;
      expect(lastSequence).toBeGreaterThanOrEqual(acknowledged);
      const lastStep = lastSequence - (lastSequence % 3);
      if (before.stepSequence < lastStep) behind += 1;
      expect(membraneOf(project)).toBe(`membrane ${String(lastStep)}`);
      const naive = new NaiveLabels();
      for (let n = 1; n <= lastSequence; n += 1)
        if (n % 3 !== 0) naive.apply(randomPatch(seeded(50 + n), n));
      expect(await differingSlices(project, naive)).toEqual([]);
      expect((await project.verify()).problems).toEqual([]);
      await project.close();
    }
    // Else nothing was killed between the journal and project.json.
    expect(behind).toBeGreaterThan(0);
    expect(acknowledged).toBeGreaterThan(100);
    expect((await listSegments(nodeFileSystem, journalFolder(place)))[0]).toBeGreaterThan(1);
  });
});
