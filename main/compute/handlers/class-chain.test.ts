import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noConditioning } from '#contract/entities';
import { INTERIOR, painted } from '#contract/label-byte';
import { writeModel } from '#main/models/model-folder';
import { newModelId } from '#main/models/model-store';
import { trainedDraft } from '#main/models/trained-draft';
import { sourceReference } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import type { LabelledStacks, TrainParams, TrainResult } from '../requests';
import { writeLines } from '../testing/line-stacks';
import { loadNetwork } from './loaded-network';
import { predict } from './predict';
import { train } from './training/train';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 240_000 });

const side = 96;
const depth = 3;
const spots = { id: 3, name: 'spots', colour: '#009e73' } as const;
const context = { signal: new AbortController().signal, progress: () => undefined };

/** A round spot in every second square of 32. */
const isSpot = (at: number): boolean => {
  const [x, y] = [(at % side) % 32, Math.floor(at / side) % 32];
  return (x - 10) ** 2 + (y - 10) ** 2 < 25;
};

async function writeSpots(path: string): Promise<void> {
  const voxelSize = { x: 4, y: 4, z: 50, source: 'file' as const };
  const writer = await createTiffWriter(path, {
    width: side,
    height: side,
    type: 'uint8',
    voxelSize,
  });
  for (let z = 0; z < depth; z += 1)
    await writer.append(Uint8Array.from({ length: side * side }, (_, at) => (isSpot(at) ? 7 : 0)));
  await writer.finish();
}

describe('a class beside membrane', () => {
  let folder: string;
  let stacks: LabelledStacks;
  let spotLabels: SourceReference;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'class-chain-'));
    const place = (name: string): string => join(folder, name);
    await writeLines(place('image.tif'), 'image', { side, depth });
    await writeLines(place('labels.tif'), 'labels', { side, depth });
    await writeSpots(place('spots.tif'));
    spotLabels = await sourceReference(place('spots.tif'));
    stacks = {
      image: await sourceReference(place('image.tif')),
      labels: await sourceReference(place('labels.tif')),
      membrane: 0,
      void: null,
      train: [0, 1],
      validate: [2],
    };
  });
  afterAll(() => rm(folder, { recursive: true }));

  const params = (data: TrainParams['data'], start: TrainParams['start']): TrainParams => ({
    ...{ data, start, budget: { steps: 2, seconds: null }, seed: 1, checkpoint: null },
    choice: { engine: 'onnx', device: 'cpu', threads: 2 },
  });
  const fresh = { kind: 'fresh', baseFilters: 4, levels: 2 } as const;

  async function kept(result: TrainResult, name: string): Promise<string> {
    const from = { id: newModelId(), name, parent: null, sources: [stacks], seed: 1 };
    const draft = await trainedDraft(result, { ...from, pixelSize: null });
    await writeModel(join(folder, name), draft, result.weights);
    return join(folder, name);
  }

  it('is learnt from labels, stands on the card, and is predicted where it is asked for', async () => {
    const source = { ...stacks, classes: [{ ...spots, labels: spotLabels, value: 7 }] };
    const result = await train(params({ kind: 'stacks', sources: [source] }, fresh), context);
    const [own] = result.classes;
    expect(own).toMatchObject(spots);
    expect(own?.dice).toBeGreaterThanOrEqual(0);
    const model = await kept(result, 'two');
    const loaded = await loadNetwork(model);
    expect([loaded.network.classes, loaded.file.classes]).toEqual([2, result.classes]);
    const asked = {
      ...{ stack: stacks.image, z: 2, model, tta: false, pixelSize: null },
      ...{ conditioning: noConditioning, output: 'uint8' as const },
      choice: { engine: 'onnx' as const, device: 'cpu' as const, threads: 2 },
    };
    const alone = await predict(asked, context);
    expect(alone.classes).toEqual([]);
    const both = await predict({ ...asked, classes: true }, context);
    expect(both.probability).toEqual(alone.probability);
    expect(both.classes.map(({ id }) => id)).toEqual([spots.id]);
    expect(both.classes[0]?.probability).toHaveLength(side * side);
    expect(both.classes[0]?.probability).not.toEqual(both.probability);
    // A further training that says nothing of it keeps it.
    const on = { kind: 'model', folder: model } as const;
    const more = await train(params({ kind: 'stacks', sources: [stacks] }, on), context);
    expect(more.classes.map(({ name, threshold }) => [name, threshold])).toEqual([
      [spots.name, own?.threshold],
    ]);
  });

  it('whose value no label has is named', async () => {
    const source = { ...stacks, classes: [{ ...spots, labels: spotLabels, value: 8 }] };
    await expect(
      train(params({ kind: 'stacks', sources: [source] }, fresh), context),
    ).rejects.toMatchObject({ code: 'labels.value-absent' });
  });

  it('is grown from strokes onto a model that knows membrane alone, and judged by strokes', async () => {
    const first = await train(params({ kind: 'stacks', sources: [stacks] }, fresh), context);
    expect(first.classes).toEqual([]);
    const model = await kept(first, 'one');
    const labels = Uint8Array.from({ length: side * side }, (_, at) => {
      if (isSpot(at)) return painted(spots.id);
      return Math.floor(at / side) % 32 === 24 ? painted(INTERIOR) : 0;
    });
    const data = {
      ...{ kind: 'corrections' as const, inUse: model, stack: stacks.image, pixelSize: null },
      conditioning: noConditioning,
      slices: [0, 1, 2].map((z) => ({ z, labels, recent: true, heldBefore: false })),
      classes: [spots, { id: 4, name: 'never painted', colour: '#0072b2' }],
      ...{ untouched: [0], replay: stacks, compare: { z: 0, mask: { pixel: 0.5, cells: 0.5 } } },
    };
    const on = { kind: 'model', folder: model } as const;
    const round = await train(params(data, on), context);
    expect(round.network['classes']).toBe(2);
    expect(round.classes.map(({ id, name }) => ({ id, name }))).toEqual([
      { id: spots.id, name: spots.name },
    ]);
    const [judged, ...others] = round.comparison?.classes ?? [];
    expect(others).toEqual([]);
    expect(judged?.held).toMatchObject({ before: null, whole: true });
    expect(judged?.held?.slices).toHaveLength(1);
    expect(judged?.held?.after.pixels.own).toBe(
      labels.filter((value) => value === spots.id).length,
    );
    // Nobody painted membrane, so nothing is said of how strokes of it are obeyed.
    expect(round.comparison?.obedience).toEqual({ held: null, trained: null });
  });
});
