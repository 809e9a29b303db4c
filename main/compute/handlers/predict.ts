import { crc32 } from 'node:zlib';
import type { PixelSize } from '#contract/entities';
import { SlicePredictor } from '#model/inference/predictor';
import { probabilityBytes } from '#model/inference/probability-bytes';
import type { Engine } from '#model/engines/engine';
import { selectEngine } from '#model/engines/select';
import type { Handler } from '../request';
import type { EngineChoice, PredictParams, PredictResult } from '../requests';
import { loadNetwork, modelKey } from './loaded-network';
import { networkGrid, toNetwork, toStack } from './network-grid';
import { tileOf } from './portion';
import { readSliceOf } from './slice-pixels';

interface Ready {
  readonly key: string;
  readonly engine: Engine;
  readonly pixelSize: PixelSize | null;
  readonly predictor: SlicePredictor;
}

/** The last model stays compiled: slice after slice uses the same one. */
let ready: Ready | null = null;

async function prepare(folder: string, choice: EngineChoice): Promise<Ready> {
  const key = `${await modelKey(folder)}\n${JSON.stringify(choice)}`;
  if (ready?.key === key) return ready;
  ready?.predictor.dispose();
  ready = null;
  const engine = await selectEngine(choice);
  const { network, weights, file } = await loadNetwork(folder);
  const predictor = new SlicePredictor(engine, network, weights);
  ready = { key, engine, pixelSize: file.pixelSize, predictor };
  return ready;
}

/** Predicts one slice, tile by tile; a cancel is noticed between tiles. */
export const predict: Handler<
  PredictParams,
  { done: number; total: number },
  PredictResult
> = async (params, { signal, progress }) => {
  const { engine, predictor, pixelSize } = await prepare(params.model, params.choice);
  const { values, width, height } = await readSliceOf(params.stack, params.z, signal);
  const grid = networkGrid({ width, height }, params.pixelSize, pixelSize);
  const slice = toNetwork(grid, values);
  const maps = await predictor.predict(slice, {
    augmented: params.tta,
    signal,
    ...tileOf(params.choice),
    onProgress: (done) => {
      progress({ done, total: 1 });
    },
  });
  const first = slice.width * slice.height;
  const membrane = toStack(grid, maps.length === first ? maps : maps.slice(0, first));
  const probability = params.output === 'uint8' ? probabilityBytes(membrane) : membrane;
  const bytes = new Uint8Array(probability.buffer, probability.byteOffset, probability.byteLength);
  return {
    width,
    height,
    probability,
    crc32: crc32(bytes),
    resampled: grid.resampled,
    pixelNote: grid.note,
    engine: engine.description,
    device: engine.device,
  };
};
