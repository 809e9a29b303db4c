import { crc32 } from 'node:zlib';
import type { Rect } from '#contract/tiles';
import { NOTHING } from '#main/stacks/tissue/marks';
import type { Tissue } from '#main/stacks/tissue/tissue';
import { tissueNote } from '#main/stacks/tissue/tissue-notes';
import { int8Precision } from '#model/inference/calibration';
import { SlicePredictor, type NormalisedSlice, type Precision } from '#model/inference/predictor';
import { probabilityBytes } from '#model/inference/probability-bytes';
import type { Size } from '#model/inference/resample';
import type { Handler } from '../request';
import type { PredictParams, PredictResult } from '../requests';
import { calibrationSlices } from './slices/calibration-slices';
import { engineWithModel, type EngineWithModel } from './engine-with-model';
import { networkGrid, toNetwork, toStack, type NetworkGrid } from './slices/network-grid';
import { tileOf } from './training/portion';
import { inputSlice, tissueSliceOf } from './slices/tissue-slice';

interface Ready {
  readonly key: string;
  readonly predictor: SlicePredictor;
}

/** The last predictor stays compiled: slice after slice uses the same one. */
let ready: Ready | null = null;

/** In 8 bits a predictor is one for the stack that it was calibrated on. */
async function prepare(
  { key, engine, model }: EngineWithModel,
  { fast, stack, pixelSize, channel, conditioning }: PredictParams,
  slice: NormalisedSlice,
  signal: AbortSignal,
): Promise<SlicePredictor> {
  const { network, weights, file } = model;
  const own =
    fast === true
      ? `${key}\n${stack.path}\n${stack.identity.content}\n${JSON.stringify([pixelSize, channel ?? 0, conditioning])}`
      : key;
  if (ready?.key === own) return ready.predictor;
  ready?.predictor.dispose();
  ready = null;
  let precision: Precision = { kind: 'float' };
  if (fast === true) {
    const pixels = { stack: pixelSize, model: file.pixelSize, conditioning };
    const slices = await calibrationSlices(
      { stack, channel: channel ?? null },
      pixels,
      slice,
      signal,
    );
    precision = await int8Precision(engine, network, weights, slices);
  }
  const predictor = new SlicePredictor(engine, network, weights, precision);
  ready = { key: own, predictor };
  return predictor;
}

/** Predicts one slice, tile by tile; a cancel is noticed between tiles. */
export const predict: Handler<
  PredictParams,
  { done: number; total: number },
  PredictResult
> = async (params, { signal, progress }) => {
  const found = await engineWithModel(params.model, params.choice);
  const { engine, model } = found;
  const read = await tissueSliceOf(params.stack, params.z, signal, params.channel ?? null);
  const { width, height } = read.grey;
  const { box, share } = read.tissue;
  // Membrane, then the other classes that are asked for.
  const others = params.classes === true ? model.file.classes : [];
  const wholes = [null, ...others].map(() => new Float32Array(width * height));
  const { pixelSize, conditioning } = params;
  const gridOf = (size: Size): NetworkGrid =>
    networkGrid(size, pixelSize, model.file.pixelSize, conditioning.scale);
  let grid = gridOf({ width, height });
  if (box !== null) {
    // What lies around the tissue is cut off: the network sees it as it would alone.
    grid = gridOf(box);
    const slice = toNetwork(grid, inputSlice(read, box), conditioning);
    const predictor = await prepare(found, params, slice, signal);
    const maps = await predictor.predictAll(slice, {
      augmented: params.tta,
      signal,
      ...tileOf(params.choice),
      onProgress: (done) => {
        progress({ done, total: 1 });
      },
    });
    const area = slice.width * slice.height;
    for (const [c, whole] of wholes.entries()) {
      const own = maps.length === area ? maps : maps.slice(c * area, (c + 1) * area);
      putMap(toStack(grid, own), box, read.tissue, whole);
    }
  }
  const [membrane, ...further] = wholes.map((whole) => sent(whole, params.output));
  if (membrane === undefined) throw new Error('there is a map of membrane');
  return {
    width,
    height,
    ...membrane,
    classes: others.flatMap(({ id }, c) => {
      const map = further[c];
      return map === undefined ? [] : [{ id, ...map }];
    }),
    tissue: { share, note: tissueNote(read.tissue) },
    resampled: grid.resampled,
    pixelNote: grid.note,
    engine: engine.description,
    device: engine.device,
  };
};

/** A map as it goes to the caller. */
function sent(
  whole: Float32Array<ArrayBuffer>,
  output: PredictParams['output'],
): Pick<PredictResult, 'probability' | 'crc32'> {
  const probability = output === 'uint8' ? probabilityBytes(whole) : whole;
  const bytes = new Uint8Array(probability.buffer, probability.byteOffset, probability.byteLength);
  return { probability, crc32: crc32(bytes) };
}

/** Puts a part's map where it belongs; where there is no tissue stays 0. */
function putMap(
  map: Float32Array,
  { x: left, y: top, width: wide, height: high }: Rect,
  { marks, width }: Tissue,
  whole: Float32Array,
): void {
  for (let y = 0, from = 0; y < high; y += 1) {
    const row = (top + y) * width + left;
    for (let x = 0; x < wide; x += 1, from += 1)
      if (marks?.[row + x] !== NOTHING) whole[row + x] = map[from] ?? 0;
  }
}
