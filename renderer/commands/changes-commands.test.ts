import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '#contract/bridge';
import type { CellChanges, ChangeEntry } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import { createClient } from '../api/client';
import { sampleProject } from '../state/testing/sample-project';
import { createTopics } from '../state/topics';
import { en } from '../strings/en';
import { markKept, openChanges } from './changes-commands';
import { createCommands } from './table';

const from = ModelId.parse('general');
const to = ModelId.parse('m-2');

beforeEach(() => {
  // Nobody has labelled the slices.
  vi.stubGlobal('fetch', () => Promise.resolve({ status: 204 }));
});

/** A wall at column x, from row 2 to 5. */
const entry = (
  z: number,
  x: number,
  smaller: number,
  kind: ChangeEntry['kind'] = 'split',
): ChangeEntry => ({
  ...{ z, x, y: 3, kind, cell: x, length: 4, parts: [900, smaller] },
  box: { x, y: 2, width: 1, height: 4 },
  spans: [2, 3, 4, 5].flatMap((y) => [y, x, x + 3]),
});

/** A window on a project, and a main that finds these changes. */
async function open(...entries: ChangeEntry[]) {
  const asked: string[] = [];
  const found: CellChanges = { entries, more: 0, split: 1, merged: 1, slices: [0, 1, 2] };
  const bridge = {
    invoke: (name: string) => {
      asked.push(name);
      return Promise.resolve({ ok: true, value: name === 'changes.list' ? found : [] });
    },
    on: () => () => undefined,
    ready: () => undefined,
  };
  const topics = createTopics(createClient(bridge as unknown as Bridge));
  const view = sampleProject();
  topics.models.show(view.models, view.model);
  topics.view.start(view.view, view.stack.info.depth);
  topics.painting.begin(view, topics.client);
  topics.project.show(view);
  topics.loop.start();
  const commands = createCommands(topics);
  await openChanges(topics, { from, to });
  return { topics, commands, asked };
}

describe('the changed cells of a version', () => {
  it('are gone through slice by slice, the slice with the largest first, with both masks compared', async () => {
    const { topics, commands } = await open(
      entry(2, 10, 500),
      entry(0, 30, 400),
      entry(2, 50, 300),
    );
    expect(topics.comparison.versions).toEqual({ before: from, after: to });
    topics.comparison.end();
    const seen: [number, number | undefined][] = [];
    for (let step = 0; step < 4; step += 1) {
      await commands['changes.next'].run();
      seen.push([topics.view.z, topics.changes.current?.x]);
    }
    expect(seen).toEqual([
      [2, 10],
      [2, 50],
      [0, 30],
      [0, 30],
    ]);
    expect(topics.comparison.versions).toEqual({ before: from, after: to });
    await commands['changes.previous'].run();
    expect([topics.view.z, topics.changes.current?.x]).toEqual([2, 50]);
  });

  it.each([
    ['split', INTERIOR],
    ['merge', MEMBRANE],
  ] as const)(
    'a %s is painted as it was in one step, marked, and undo takes both back',
    async (kind, label) => {
      const { topics, commands } = await open(entry(0, 10, 500, kind), entry(0, 60, 400));
      const { session } = topics.painting;
      if (session === null) throw new Error('nothing to paint on');
      await commands['changes.next'].run();
      await commands['changes.keep'].run();
      const { current } = topics.changes;
      expect(current && topics.changes.kept.has(current)).toBe(true);
      expect(topics.changes.kept.size).toBe(1);
      const box = { x: 10, y: 2, width: 3, height: 4 };
      expect(Array.from(session.readField(0, box)?.data ?? [])).toEqual(Array(12).fill(label));
      expect(commands['changes.keep'].blocked()).toBe(en.changes.why.kept);
      await commands['edit.undo'].run();
      markKept(topics, session, 0);
      expect(topics.changes.kept.size).toBe(0);
      expect(Array.from(session.readField(0, box)?.data ?? [])).toEqual(Array(12).fill(0));
      expect(commands['changes.keep'].blocked()).toBeNull();
    },
  );

  it('are not painted on a mask that is hidden or locked', async () => {
    const { topics, commands } = await open(entry(0, 10, 500));
    await commands['changes.next'].run();
    topics.layers.toggle('mask');
    await commands['changes.keep'].run();
    topics.layers.toggle('mask');
    topics.layers.change('mask', { locked: true });
    await commands['changes.keep'].run();
    expect(topics.painting.undoName).toBeNull();
    topics.layers.change('mask', { locked: false });
    await commands['changes.keep'].run();
    expect(topics.painting.undoName).toBe(en.changes.steps.split);
  });

  it('say in words why there is nowhere to go', async () => {
    const { topics, commands } = await open();
    expect(commands['changes.next'].blocked()).toBe(en.changes.why.none);
    topics.changes.close();
    expect(commands['changes.keep'].blocked()).toBe(en.changes.why.closed);
  });
});

describe('the words about changed cells', () => {
  it('count cells and slices, and say when only lines differ', () => {
    const { counts } = en.changes;
    expect(counts({ split: 12, merged: 3 }, 16)).toBe('12 cells split, 3 merged on 16 slices.');
    expect(counts({ split: 0, merged: 1 }, 1)).toBe('1 cell merged on 1 slice.');
    expect(counts({ split: 0, merged: 0 }, 16)).toBe(
      'This version splits and merges nothing on 16 slices: only the width of lines differs.',
    );
    expect(counts({ split: 0, merged: 0 }, 0)).toBe('No slice is segmented by both versions yet.');
  });
});
