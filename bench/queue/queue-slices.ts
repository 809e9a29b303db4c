import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conditioning } from '#contract/entities';
import { readLabelSlice } from '#main/compute/handlers/slices/label-slices';
import { loadNetwork } from '#main/compute/handlers/loaded-network';
import { networkGrid, toNetwork } from '#main/compute/handlers/slices/network-grid';
import { openStacks } from '#main/compute/handlers/slices/slice-pixels';
import { inputSlice, tissueSliceOf } from '#main/compute/handlers/slices/tissue-slice';
import { sourceReference } from '#main/stacks/open-stack';
import { selectEngine } from '#model/engines/select';
import { SlicePredictor } from '#model/inference/predictor';
import { probabilityBytes } from '#model/inference/probability-bytes';

/** A slice as the app keeps it, beside its truth. */
export interface QueueSlice {
  readonly z: number;
  readonly width: number;
  readonly height: number;
  /** 255 = certainly membrane. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** 1 on membrane. */
  readonly truth: Uint8Array<ArrayBuffer>;
}

export interface QueueStack {
  /** The folder of the model version. */
  readonly model: string;
  readonly image: string;
  /** 255 = membrane. */
  readonly labels: string;
  readonly slices: readonly number[];
  readonly conditioning: Conditioning;
  readonly threads: number;
  /** Where maps are kept. */
  readonly kept: string;
}

/** Maps of a model version, each made once and kept, and the threshold that separates its cells, in [0, 1]. */
export async function queueSlices(
  of: QueueStack,
): Promise<{ readonly slices: readonly QueueSlice[]; readonly threshold: number }> {
  const { signal } = new AbortController();
  const { network, weights, file } = await loadNetwork(of.model);
  const image = await sourceReference(of.image);
  const truths = await openStacks.get(await sourceReference(of.labels), signal);
  await mkdir(of.kept, { recursive: true });
  const { width, height } = truths.info;
  let predictor: SlicePredictor | null = null;
  const slices: QueueSlice[] = [];
  try {
    for (const z of of.slices) {
      const kind = { membrane: 255, void: null };
      const { target } = await readLabelSlice(truths, z, kind, signal);
      const path = join(of.kept, `z${String(z)}.bytes`);
      if (!existsSync(path)) {
        const read = await tissueSliceOf(image, z, signal);
        const grid = networkGrid(read.grey, null, null, 1);
        const seen = toNetwork(grid, inputSlice(read), of.conditioning);
        predictor ??= new SlicePredictor(
          await selectEngine({ engine: 'onnx', device: 'cpu', threads: of.threads }),
          network,
          weights,
        );
        const map = await predictor.predict(seen);
        await writeFile(`${path}.part`, probabilityBytes(map.subarray(0, width * height)));
        await rename(`${path}.part`, path);
      }
      const bytes = Uint8Array.from(await readFile(path));
      slices.push({ z, width, height, bytes, truth: Uint8Array.from(target) });
    }
  } finally {
    predictor?.dispose();
    await openStacks.forget(of.image);
    await openStacks.forget(of.labels);
  }
  return { slices, threshold: file.thresholds.topology };
}
