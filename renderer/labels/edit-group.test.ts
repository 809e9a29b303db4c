import { describe, expect, it } from 'vitest';
import { ModelId, StackId } from '#contract/ids';
import type { LabelPatch } from '#contract/label-patch';
import type { ProjectChange } from '#contract/project-step';
import type { LabelSession } from './label-session';
import { MemoryDisk } from './memory-disk';
import { everywhere } from './paint-mode';
import { areaOfRect } from './pixel-area';

const slice = { x: 0, y: 0, width: 600, height: 600 };
const model: ProjectChange = { kind: 'model', before: null, after: ModelId.parse('mine') };

async function opened(disk: MemoryDisk): Promise<LabelSession> {
  const session = disk.session(600, 600);
  for (const z of [0, 1, 2]) await session.load(z, slice);
  return session;
}

function patchOn(z: number): LabelPatch {
  return {
    stack: StackId.parse('stack-1'),
    layer: 'classes',
    element: 'uint8',
    z,
    sequence: 0,
    action: 'do',
    name: 'Restore A',
    tiles: [
      {
        tx: 0,
        ty: 0,
        runs: Uint32Array.of(10, 5),
        before: { kind: 'uniform', value: 0 },
        after: { kind: 'uniform', value: 2 },
      },
    ],
  };
}

function dot(session: LabelSession): void {
  const stroke = session.beginStroke({
    z: 0,
    label: 1,
    radius: 4,
    rule: everywhere,
    name: 'Brush',
  });
  stroke.extend([{ x: 100, y: 50 }]);
  stroke.commit();
}

const labels = (session: LabelSession): (number | undefined)[] =>
  [0, 1, 2].map((z) => session.tiles.labelAt(z, 12, 0));

describe('patches taken together', () => {
  it('are one step: undone and done again at once, with the change of the project', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    const heard: ProjectChange[] = [];
    session.onProjectChange((change) => heard.push(change));
    dot(session);
    session.applyBatch('Restore A', [patchOn(0), patchOn(1), patchOn(2)], model);
    expect(session.undoName).toBe('Restore A');
    expect(labels(session)).toEqual([2, 2, 2]);
    session.undo();
    expect(labels(session)).toEqual([0, 0, 0]);
    expect(heard.at(-1)).toMatchObject({ kind: 'model', after: null });
    expect(session.undoName).toBe('Brush');
    session.redo();
    expect(labels(session)).toEqual([2, 2, 2]);
    expect(heard.at(-1)).toEqual(model);
    await session.flushed();
  });

  it('are one step after a restart too', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    dot(session);
    session.applyBatch('Restore A', [patchOn(0), patchOn(1)], null);
    await session.flushed();
    const again = await opened(disk);
    again.restoreHistory(disk.recorded());
    expect(again.undoName).toBe('Restore A');
    again.undo();
    expect(again.undoName).toBe('Brush');
    expect(labels(again)).toEqual([0, 0, 0]);
  });

  it('of strokes over several slices are one, and two such in a row are two', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    const area = areaOfRect({ x: 10, y: 0, width: 20, height: 20 }, 600, 600);
    for (const label of [1, 2])
      session.transact(() => {
        for (const z of [0, 1, 2]) session.paint(z, 'Interpolate', area, label, everywhere);
      });
    expect(labels(session)).toEqual([2, 2, 2]);
    session.undo();
    expect([labels(session), session.undoName]).toEqual([[1, 1, 1], 'Interpolate']);
    session.undo();
    expect([labels(session), session.undoName]).toEqual([[0, 0, 0], null]);
    session.redo();
    expect(labels(session)).toEqual([1, 1, 1]);
  });
});
