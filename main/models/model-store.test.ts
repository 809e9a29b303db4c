import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import type { ModelDraft } from './model-file';
import { readModel, writeModel } from './model-folder';
import { ModelStore, newModelId } from './model-store';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function draft(id = newModelId(), name = 'Larva'): ModelDraft {
  return {
    id,
    name,
    origin: 'trained',
    parent: null,
    created: new Date().toISOString(),
    network: { format: 'membrana-network', layers: [] },
    baseFilters: 8,
    normalisation: 'z-score-per-slice',
    pixelSize: null,
    conditioning: null,
    thresholds: { topology: 0.25, pixel: 0.45 },
    classes: [],
    scores: null,
    scoresNote: 'Not scored.',
    training: null,
    licence: 'Mine.',
    citation: '',
    status: { kind: 'accepted', reason: 'Trained.' },
  };
}

const weights = Float32Array.of(1, -2.5, 1e-7, 3);

describe('the model store', () => {
  it('gives back what was added, bit for bit, beside the bundled models', async () => {
    await writeModel(
      join(folder, 'bundled', 'ours'),
      draft(ModelId.parse('ours'), 'ours'),
      weights,
    );
    const store = new ModelStore(join(folder, 'bundled'), join(folder, 'own'));
    const added = await store.add(draft(), weights);
    const loaded = await readModel(added.folder);
    const view = new DataView(loaded.weights.buffer, loaded.weights.byteOffset);
    expect(Array.from(weights, (_, i) => view.getFloat32(4 * i, true))).toEqual([...weights]);
    expect((await store.versions()).map(({ name }) => name)).toEqual(['ours', 'Larva']);
    expect((await store.find(added.file.id)).file).toEqual(added.file);
    expect(added.file.parameters).toBe(4);
  });

  it('gives no name twice: what is retrained from the same version is counted on, and so is what lies on the disk', async () => {
    const store = new ModelStore('', folder);
    const at = (second: number): Partial<ModelDraft> => ({
      created: `2026-01-01T00:00:0${String(second)}.000Z`,
    });
    for (const [i, id] of ['a', 'b', 'c'].entries())
      await store.add({ ...draft(ModelId.parse(id), 'general · 2'), ...at(i) }, weights);
    expect((await store.versions()).map(({ name }) => name)).toEqual([
      'general · 2',
      'general · 3',
      'general · 4',
    ]);
    // As an earlier release left it.
    const old = { ...draft(ModelId.parse('d'), 'general · 2'), ...at(4) };
    await writeModel(join(folder, 'd'), old, weights);
    expect((await store.versions()).map(({ name }) => name).at(-1)).toBe('general · 5');
  });

  it('never changes a version: the same id again is refused and the first stays', async () => {
    const store = new ModelStore('', folder);
    const first = await store.add(draft(), weights);
    await expect(store.add({ ...first.file, name: 'Other' }, weights)).rejects.toMatchObject({
      code: 'file.write-failed',
    });
    expect((await store.find(first.file.id)).file.name).toBe('Larva');
    expect((await readdir(folder)).length).toBe(1);
  });

  it('says "not found" for an unknown version and without a project', async () => {
    const store = new ModelStore(folder, null);
    await expect(store.find(ModelId.parse('m-1'))).rejects.toMatchObject({
      code: 'model.not-found',
    });
    await expect(store.add(draft(), weights)).rejects.toMatchObject({ code: 'model.not-found' });
  });

  it('lists a damaged version as damaged, with the others still usable', async () => {
    const store = new ModelStore('', folder);
    const good = await store.add(draft(), weights);
    const bad = await store.add(draft(), weights);
    await writeFile(join(bad.folder, 'model.json'), '{"format":"membrana-model","version":1}');
    const listing = await store.list();
    expect(listing.models.map(({ file }) => file.id)).toEqual([good.file.id]);
    expect(listing.damaged).toMatchObject([
      { folder: bad.folder, error: { code: 'model.corrupt' } },
    ]);
    await expect(store.find(bad.file.id)).rejects.toMatchObject({ code: 'model.corrupt' });
  });
});

describe('a damaged model folder', () => {
  const damage: [string, (path: string) => Promise<void>, string, RegExp][] = [
    [
      'weights cut off',
      (path) => truncate(join(path, 'weights.bin'), 12),
      'model.shape-mismatch',
      /12 bytes/,
    ],
    [
      'weights missing',
      (path) => rm(join(path, 'weights.bin')),
      'model.corrupt',
      /weights.bin is missing/,
    ],
    [
      'a card that is not JSON',
      (path) => writeFile(join(path, 'model.json'), 'function(){}'),
      'model.corrupt',
      /not JSON/,
    ],
    ['a card of another version', (path) => edit(path, { version: 2 }), 'model.corrupt', /version/],
    [
      'a parameter count that lies',
      (path) => edit(path, { parameters: 5 }),
      'model.shape-mismatch',
      /5 parameters/,
    ],
    [
      'a card missing',
      (path) => rm(join(path, 'model.json')),
      'model.corrupt',
      /model.json is missing/,
    ],
  ];

  async function edit(path: string, change: Record<string, unknown>): Promise<void> {
    const file = join(path, 'model.json');
    const card: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...(card as object), ...change }));
  }

  it.each(damage)('is refused: %s', async (_, spoil, code, message) => {
    const path = join(folder, 'm');
    await writeModel(path, draft(), weights);
    await spoil(path);
    await expect(readModel(path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as unknown,
      hint: expect.stringMatching(/./) as unknown,
    });
  });

  it('is refused when one bit of the weights has flipped', async () => {
    const path = join(folder, 'm');
    await writeModel(path, draft(), weights);
    const bytes = await readFile(join(path, 'weights.bin'));
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    await writeFile(join(path, 'weights.bin'), bytes);
    await expect(readModel(path)).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining('checksum') as unknown,
    });
  });
});
