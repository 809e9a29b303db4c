import { describe, expect, it } from 'vitest';
import type { LabelClass } from '#contract/entities';
import { MEMBRANE } from '#contract/label-byte';
import { ModelId, StackId } from '#contract/ids';
import type { ProjectChange } from '#contract/project-step';
import { headOf } from './edit';
import type { LabelSession } from './label-session';
import { MemoryDisk } from './memory-disk';
import { everywhere } from './paint-mode';

const slice = { x: 0, y: 0, width: 600, height: 600 };
const membrane: LabelClass = { id: 2, name: 'membrane', colour: '#e69f00', key: 2, locked: false };

function renamed(from: string, to: string): ProjectChange {
  return {
    kind: 'classes',
    before: [{ ...membrane, name: from }],
    after: [{ ...membrane, name: to }],
  };
}

const otherModel: ProjectChange = {
  kind: 'model',
  before: ModelId.parse('general'),
  after: ModelId.parse('mine'),
};

async function opened(disk: MemoryDisk): Promise<LabelSession> {
  const session = disk.session(600, 600);
  await session.load(0, slice);
  return session;
}

function dot(session: LabelSession, x: number): void {
  const stroke = session.beginStroke({
    z: 0,
    label: MEMBRANE,
    radius: 4,
    rule: everywhere,
    name: 'Brush',
  });
  stroke.extend([{ x, y: 50 }]);
  stroke.commit();
}

describe('a history of strokes and other steps', () => {
  it('goes back and forth over both in the order they were made', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    const heard: ProjectChange[] = [];
    session.onProjectChange((change) => heard.push(change));
    dot(session, 20);
    session.change('Rename class', renamed('membrane', 'wall'));
    dot(session, 60);
    session.change('Use model mine', otherModel);
    expect(heard).toEqual([renamed('membrane', 'wall'), otherModel]);
    expect(session.undoName).toBe('Use model mine');

    expect(session.undo()).toEqual({
      kind: 'project',
      name: 'Use model mine',
      change: { kind: 'model', before: 'mine', after: 'general' },
    });
    expect(session.undo()).toMatchObject({ kind: 'labels', name: 'Brush', z: 0 });
    expect(session.tiles.labelAt(0, 60, 50)).toBe(0);
    session.undo();
    expect(heard.at(-1)).toEqual(renamed('wall', 'membrane'));
    expect(session.redoName).toBe('Rename class');
    session.redo();
    expect(heard.at(-1)).toEqual(renamed('membrane', 'wall'));
    expect(session.tiles.labelAt(0, 20, 50)).toBe(MEMBRANE);

    await session.flushed();
    expect(disk.journal.map(headOf).map(({ sequence, action }) => [sequence, action])).toEqual([
      [1, 'do'],
      [2, 'do'],
      [3, 'do'],
      [4, 'do'],
      [5, 'undo'],
      [6, 'undo'],
      [7, 'undo'],
      [8, 'redo'],
    ]);
    expect(disk.projectSteps.map(({ sequence }) => sequence)).toEqual([2, 4, 5, 7, 8]);
  });

  it('comes back from the journal with both kinds', async () => {
    const disk = new MemoryDisk();
    const first = await opened(disk);
    dot(first, 20);
    first.change('Rename class', renamed('membrane', 'wall'));
    first.change('Use model mine', otherModel);
    first.undo();
    await first.flushed();

    const session = await opened(disk);
    session.restoreHistory(disk.recorded());
    expect([session.undoName, session.redoName]).toEqual(['Rename class', 'Use model mine']);
    expect(session.redo()).toMatchObject({ kind: 'project', change: otherModel });
    session.undo();
    session.undo();
    expect(session.undo()).toMatchObject({ kind: 'labels' });
    expect(session.undo()).toBeNull();
    expect(session.tiles.labelAt(0, 20, 50)).toBe(0);
  });

  it('counts a project step in its budget, and lets the oldest go', async () => {
    const disk = new MemoryDisk();
    const session = disk.session(600, 600, { undoBudget: 4000 });
    for (let n = 0; n < 50; n += 1)
      session.change(`Rename ${String(n)}`, renamed(`a${String(n)}`, `a${String(n + 1)}`));
    expect(session.historyBytes).toBeLessThanOrEqual(4000);
    let undone = 0;
    while (session.undo()) undone += 1;
    expect(undone).toBeGreaterThan(3);
    expect(undone).toBeLessThan(20);
    await session.flushed();
    expect(disk.journal).toHaveLength(50 + undone);
  });

  it('refuses a project step where nothing may be written, and makes none during a stroke undone', async () => {
    const disk = new MemoryDisk();
    const reader = disk.session(600, 600, { access: 'read-only' });
    expect(() => {
      reader.change('Rename class', renamed('a', 'b'));
    }).toThrow(/reading only/);

    const session = await opened(disk);
    const stroke = session.beginStroke({
      z: 0,
      label: MEMBRANE,
      radius: 4,
      rule: everywhere,
      name: 'Brush',
    });
    stroke.extend([{ x: 20, y: 50 }]);
    // A job may end while the hand paints: its step comes before the stroke.
    session.change('Segment slice 1', {
      kind: 'predictions',
      stack: StackId.parse('stack-1'),
      model: ModelId.parse('general'),
      slices: [0],
      before: 'hidden',
      after: 'shown',
    });
    stroke.commit();
    await session.flushed();
    expect(disk.journal.map((entry) => entry.kind)).toEqual(['project', 'labels']);
    expect(session.undo()).toMatchObject({ kind: 'labels' });
  });
});
