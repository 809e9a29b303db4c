import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LayerInfo } from '#contract/entities';
import { LayerId } from '#contract/ids';
import { pixelUrl } from '#contract/pixel-url';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { openProject } from '#main/project/project-store';
import { addCells } from '#main/project/cell-layers';
import { pixels } from '#main/session/testing/window-steps';
import { makeWorkplace, type Workplace } from '#main/session/testing/running-services';
import type { ChunkEdit } from '#volume/voxel-edit';
import {
  addStack,
  bringBack,
  duplicateLayer,
  removeLayer,
  removeStack,
  renameStack,
  toggleHidden,
} from '../renderer/commands/layer-commands';
import { WindowOverMain } from './window-over-main';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
}, 60_000);
afterAll(async () => {
  vi.unstubAllGlobals();
  await work.remove();
});

const size = { width: 700, height: 60, depth: 3 };
/** Neighbours that a 32-bit float would take for one. */
const FIRST = 4_000_000_001;

/** Runs of two cells on every slice. */
async function* cells(): AsyncGenerator<ChunkEdit> {
  for (let z = 0; z < size.depth; z += 1) {
    await Promise.resolve();
    const after = Uint32Array.of(FIRST + z, FIRST + z, FIRST + z + 1);
    yield {
      ...{ z, ty: 0, tx: 0, runs: Uint32Array.of(5 * TILE_SIZE + 8, 3) },
      before: { kind: 'uniform', value: 0 },
      after: { kind: 'voxels', values: after },
    };
  }
}

const layer = {
  ...{ id: LayerId.parse('cells-1'), name: 'Neurons', kind: 'cells', element: 'uint32' },
  ...{ colour: 'by-id', hidden: false },
} as const satisfies LayerInfo;

/** As the command line does, while no window has the project. */
async function importInto(name: string, chunks: AsyncIterable<ChunkEdit>): Promise<void> {
  const folder = join(work.folder, 'projects', name);
  const project = await openProject(folder, { readOnlyIfLocked: false });
  try {
    await addCells(project, { stack: project.stack.id, layer, step: 'Add Neurons' }, chunks);
  } finally {
    await project.close();
  }
}

describe('a layer of ids in the window', () => {
  it('is read at any level and in planes, duplicated, hidden, removed, undone as one, and brought back', async () => {
    const stack = await work.stack('cells.tif', size, 3);
    await (await WindowOverMain.open(work, stack)).quit();
    await importInto('cells.emproj', cells());
    const window = await WindowOverMain.open(work, stack);
    const { topics, app } = window;
    const { open } = topics.project;
    if (!open) throw new Error('nothing is open');
    await topics.painting.recalled;
    expect(topics.project.idLayers.map(({ name }) => name)).toEqual(['Neurons']);

    const ids = async (of: string, z: number, level = 0): Promise<number[] | null> => {
      const at = { project: open.id, stack: open.stack.id, layer: LayerId.parse(of) };
      const answer = await pixels(app, pixelUrl({ kind: 'ids', ...at, z, level, tx: 0, ty: 0 }));
      if (answer.kind === 'empty') return null;
      expect(answer.element).toBe('uint32');
      const tile = new Uint32Array(answer.bytes.buffer, answer.bytes.byteOffset, TILE_PIXELS);
      const row = level === 0 ? 5 : 2;
      return [
        ...tile.subarray(row * TILE_SIZE + (level === 0 ? 7 : 3), (row + 1) * TILE_SIZE),
      ].slice(0, 5);
    };
    expect(await ids('cells-1', 1)).toEqual([0, FIRST + 1, FIRST + 1, FIRST + 2, 0]);
    expect(await ids('cells-1', 1, 1)).toEqual([0, FIRST + 1, FIRST + 2, 0, 0]);
    const plane = await pixels(
      app,
      pixelUrl({
        kind: 'plane',
        layer: { kind: 'ids', project: open.id, layer: layer.id },
        stack: open.stack.id,
        ...{ axis: 'xz', index: 5, level: 0, tx: 0, ty: 0 },
      }),
    );
    if (plane.kind === 'empty') throw new Error('the plane has no cells');
    const lines = new Uint32Array(plane.bytes.buffer, plane.bytes.byteOffset, TILE_PIXELS);
    expect([0, 1, 2].map((z) => lines[z * TILE_SIZE + 10])).toEqual([
      ...[FIRST + 1, FIRST + 2, FIRST + 3],
    ]);

    const key = { stack: open.stack.id, layer: layer.id };
    await duplicateLayer(topics, key);
    const copy = topics.project.idLayers.find(({ name }) => name === 'Neurons copy');
    if (!copy) throw new Error('there is no copy');
    expect(await ids(copy.layer, 2)).toEqual([0, FIRST + 2, FIRST + 2, FIRST + 3, 0]);
    expect(topics.notices.list.filter((one) => one.kind === 'error')).toEqual([]);
    await toggleHidden(topics, key, true);
    expect(topics.project.idLayers.map(({ name }) => name)).toEqual(['Neurons copy']);
    expect(renameStack(topics, open.stack.id, 'Larva 3')).toBe(true);
    await removeLayer(topics, { ...key, layer: copy.layer });
    await topics.painting.allSaved();
    expect(topics.project.idLayers).toEqual([]);
    const removed = topics.project.removed.map((one) => one.kind === 'layer' && one.layer.name);
    expect(removed).toEqual(['Neurons copy']);
    for (const item of topics.project.removed) bringBack(topics, item);
    await topics.painting.allSaved();
    expect(topics.project.removed).toEqual([]);
    expect(await ids(copy.layer, 2)).toEqual([0, FIRST + 2, FIRST + 2, FIRST + 3, 0]);
    expect(topics.project.arrangement[0]?.name).toBe('Larva 3');

    // Back, removed, renamed, hidden, duplicated, added: six steps, each whole.
    expect(await window.travelAll('edit.undo')).toBe(6);
    await topics.painting.allSaved();
    expect(topics.project.arrangement[0]?.layers).toHaveLength(1);
    expect(await ids('cells-1', 1)).toEqual([0, 0, 0, 0, 0]);
    expect(await window.travelAll('edit.redo')).toBe(6);
    await topics.painting.allSaved();
    expect(await ids('cells-1', 1)).toEqual([0, FIRST + 1, FIRST + 1, FIRST + 2, 0]);
    expect(topics.project.idLayers.map(({ name }) => name)).toEqual(['Neurons copy']);
    await window.quit();
  }, 120_000);

  it('that fails half-way is taken away again, in the history too', async () => {
    const stack = await work.stack('half.tif', size, 4);
    await (await WindowOverMain.open(work, stack)).quit();
    async function* broken(): AsyncGenerator<ChunkEdit> {
      for await (const chunk of cells()) {
        if (chunk.z === 2) throw new Error('a page is gone');
        yield chunk;
      }
    }
    await expect(importInto('half.emproj', broken())).rejects.toThrow('a page is gone');
    const window = await WindowOverMain.open(work, stack);
    expect(window.topics.project.idLayers).toEqual([]);
    expect(window.topics.project.arrangement[0]?.layers).toHaveLength(1);
    await window.quit();
  }, 60_000);
});

describe('a stack that was removed', () => {
  it('is listed among what can come back, and comes back under a free name with its layers', async () => {
    const window = await WindowOverMain.open(work, await work.stack('one.tif', size, 6));
    const { topics, app } = window;
    app.chosen.push(await work.stack('two.tif', size, 7));
    await addStack(topics, 'stack');
    const added = topics.project.arrangement[1];
    if (!added) throw new Error('there is no second stack');
    await removeStack(topics, added.id);
    await topics.painting.allSaved();
    expect(topics.project.arrangement).toHaveLength(1);
    const [first] = topics.project.arrangement;
    expect(renameStack(topics, first?.id ?? '', added.name)).toBe(true);
    await topics.painting.allSaved();
    expect(topics.project.removed).toEqual([{ kind: 'stack', stack: added }]);
    for (const item of topics.project.removed) bringBack(topics, item);
    await topics.painting.allSaved();
    expect(topics.project.removed).toEqual([]);
    expect(topics.project.arrangement[1]).toEqual({ ...added, name: `${added.name} 2` });
    expect(renameStack(topics, added.id, added.name)).toBe(false);
    await window.quit();
  }, 60_000);
});
