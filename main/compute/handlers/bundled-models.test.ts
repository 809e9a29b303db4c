import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledReplay } from '#main/jobs/replay-data';
import { sourceReference } from '#main/stacks/open-stack';
import { selectEngine } from '#model/engines/select';
import { SlicePredictor } from '#model/inference/predictor';
import { normaliseSlice } from '#model/inference/normalise';
import { evaluateStack } from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { readLabelledStacks } from './slices/labelled-slices';
import { loadNetwork } from './loaded-network';
import { openStacks, readSliceOf } from './slices/slice-pixels';

const resources = resolve(import.meta.dirname, '..', '..', '..', 'resources');
const signal = new AbortController().signal;
const slow = 120_000;

/** Pixels of each 4-connected region of `mask`. */
function regionSizes(mask: Uint8Array, width: number): number[] {
  const left = mask.slice();
  const sizes: number[] = [];
  for (let start = 0; start < left.length; start++) {
    if (left[start] !== 1) continue;
    const stack = [start];
    left[start] = 0;
    let size = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      size++;
      const x = at % width;
      const around = [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width];
      for (const next of around) {
        if (left[next] !== 1) continue;
        left[next] = 0;
        stack.push(next);
      }
    }
    sizes.push(size);
  }
  return sizes;
}

describe('the model that projects begin with', () => {
  const files: string[] = [];
  afterAll(async () => {
    for (const file of files) await openStacks.forget(file);
  });

  async function opened() {
    const model = await loadNetwork(join(resources, 'models', 'general'));
    const engine = await selectEngine({ engine: 'auto', device: 'cpu', threads: 1 });
    const predictor = new SlicePredictor(engine, model.network, model.weights);
    return { predictor, thresholds: model.file.thresholds };
  }

  // The crops are cut from slices that it learnt from: this says that it works, not how good it is.
  it(
    "separates cells as the expert does on the replay crops, at the card's thresholds",
    async () => {
      const replay = await bundledReplay(resources);
      if (replay === null) throw new Error('the replay crops are not there');
      files.push(replay.image.path, replay.labels.path);
      const { validation } = await readLabelledStacks(
        { ...replay, validate: replay.validate.slice(0, 2) },
        { group: 'replay', weight: 1, signal },
      );
      const { predictor, thresholds } = await opened();
      const slices: ScoredSlice[] = [];
      for (const { target, ...slice } of validation)
        slices.push({ ...slice, truth: target, probability: await predictor.predict(slice) });
      predictor.dispose();
      expect(evaluateStack(slices, thresholds.topology).vInfo.score).toBeGreaterThan(0.985);
      expect(evaluateStack(slices, thresholds.pixel).dice).toBeGreaterThan(0.84);
    },
    slow,
  );

  it(
    'finds closed cells on the bundled sample, which it never saw',
    async () => {
      const sample = join(resources, 'sample', 'vnc-sample.tif');
      files.push(sample);
      const { values, width, height } = await readSliceOf(await sourceReference(sample), 0, signal);
      const { predictor, thresholds } = await opened();
      const map = await predictor.predict({ image: normaliseSlice(values), width, height });
      predictor.dispose();
      const interior = Uint8Array.from(map, (p) => (p >= thresholds.topology ? 0 : 1));
      const share = interior.reduce((sum, value) => sum + value, 0) / interior.length;
      expect(share).toBeGreaterThan(0.5);
      expect(share).toBeLessThan(0.9);
      const sizes = regionSizes(interior, width);
      // One leak joins half of the slice; hundreds of cells of 1,000 pixels and more have closed walls.
      expect(Math.max(...sizes)).toBeLessThan(0.2 * map.length);
      expect(sizes.filter((size) => size >= 1000).length).toBeGreaterThan(100);
    },
    slow,
  );
});
