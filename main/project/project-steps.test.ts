import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelId, StackId } from '#contract/ids';
import { encodeStep, invertStep, type ProjectStep } from '#contract/project-step';
import { encodeRecord } from '../storage/journal/journal-record';
import { journalFolder, listSegments, segmentPath } from '../storage/journal/journal-segment';
import type { Project } from './project';
import { openProject } from './project-store';
import { faultyFileSystem } from '../storage/testing/faulty-file-system';
import { membraneOf, written } from './testing/step-facts';
import {
  newProject,
  quickStorage,
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

const stroke = (sequence: number): Uint8Array => randomStroke(seeded(sequence), sequence);
const reopened = (place: string, options: Partial<StorageOptions> = {}): Promise<Project> =>
  openProject(place, { readOnlyIfLocked: false }, { ...quickStorage, ...options });

/** What a crash at this moment leaves: the folder as it is, without the lock of a living process. */
async function crashed(place: string, copy: string): Promise<string> {
  const to = join(folder, copy);
  await cp(place, to, { recursive: true });
  await rm(join(to, 'lock'), { recursive: true, force: true });
  return to;
}

describe('project steps', () => {
  it('share the order of the strokes; a repeated one counts once, another of its number is refused', async () => {
    const place = join(folder, 'P.emproj');
    const project = await newProject(place);
    await project.labels.append(stroke(1));
    expect(await project.apply(renameStep(2))).toEqual({ sequence: 2 });
    expect(await project.apply(renameStep(2))).toEqual({ sequence: 2 });
    await expect(project.apply({ ...renameStep(2), name: 'Other' })).rejects.toMatchObject({
      code: 'project.out-of-step',
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
    const segments = async (): Promise<number[]> =>
      (await listSegments(files, journalFolder(place))).map(({ number }) => number);
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

  it('go on when the journal folder was lost, and so do their numbers', async () => {
    const place = join(folder, 'P.emproj');
    const project = await newProject(place);
    for (let n = 1; n <= 5; n += 1) await project.apply(renameStep(n));
    await project.close();
    await rm(journalFolder(place), { recursive: true });
    const second = await reopened(place);
    expect([membraneOf(second), second.labels.lastSequence]).toEqual(['membrane 5', 5]);
    await second.apply({ ...renameStep(9), sequence: 6 });
    const third = await reopened(await crashed(place, 'Crashed.emproj'));
    expect(membraneOf(third)).toBe('membrane 9');
    await third.close();
    await second.close();
  });

  it('that a later one replaced, because they were never acknowledged, do not count', async () => {
    const place = join(folder, 'P.emproj');
    await (await newProject(place)).close();
    const journal = journalFolder(place);
    const record = (segment: number, step: ProjectStep): Uint8Array =>
      encodeRecord({
        sequence: step.sequence,
        time: 0,
        kind: 'step',
        payload: encodeStep(step),
        stamp: { generation: 1, after: 0, segment },
      });
    await writeFile(
      segmentPath(journal, 1, 1),
      Buffer.concat([record(1, renameStep(1)), record(1, renameStep(2)), record(1, renameStep(3))]),
    );
    await writeFile(segmentPath(journal, 2, 1), record(2, { ...renameStep(77), sequence: 2 }));
    const project = await reopened(place);
    expect(membraneOf(project)).toBe('membrane 77');
    expect(project.labels.lastSequence).toBe(2);
    await project.close();
  });

  it('that can’t be read end the history before them, and cost nothing after', async () => {
    const place = join(folder, 'P.emproj');
    await (await newProject(place)).close();
    const payloads = [
      encodeStep(renameStep(1)),
      new TextEncoder().encode('{"sequence":2,"change":{"kind":"of a later version"}}'),
      encodeStep(renameStep(3)),
    ];
    const stamp = { generation: 1, after: 0, segment: 1 };
    const records = payloads.map((payload, at) =>
      encodeRecord({ sequence: at + 1, time: 0, kind: 'step', payload, stamp }),
    );
    await writeFile(segmentPath(journalFolder(place), 1, 1), Buffer.concat(records));
    const warnings: string[] = [];
    const project = await reopened(place, { onWarning: ({ code }) => warnings.push(code) });
    expect(warnings).toEqual(['project.step-invalid']);
    expect(membraneOf(project)).toBe('membrane 3');
    expect(await project.history(1e6)).toEqual([{ kind: 'project', step: renameStep(3) }]);
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
