import { meanAgreement } from '#model/conditioning/cell-agreement';
import { predictPair, steadiness, type MapPair } from '#model/conditioning/flip';
import { betterThreshold, lightOf } from '#model/conditioning/trust';
import { SlicePredictor } from '#model/inference/predictor';
import type { Handler } from '../../request';
import type { MeasureTrustParams, MeasureTrustResult } from '../../requests';
import { breathe } from '../../serve';
import { engineWithModel } from '../engine-with-model';
import { knownOnNetwork, networkGrid, toNetwork } from '../slices/network-grid';
import { tileOf } from '../training/portion';
import { readCleanPictures, type ReadClean } from '../slices/clean-pictures';
import { fitLook } from '#model/training/look/fit-look';
import { sampleSlices, type SampledSlice } from '../slices/sampled-slices';
import { stackPictures } from '../slices/stack-pictures';

/** Slices that are held against their transposes. */
const SLICES = 3;
/** Of a larger slice the middle: cells of this area say enough. */
const SIDE = 1024;

/** Pictures that the stack is held against: their spectra hardly differ. */
const PICTURES = 4;

/** By how much the stack is blurred beside the pictures; null where there is nothing to compare. */
async function blurOf(
  { pictures, ...stack }: MeasureTrustParams,
  sampled: readonly Pick<SampledSlice, 'z'>[],
  how: Omit<ReadClean, 'group'>,
): Promise<number | null> {
  if (pictures === null || sampled.length === 0) return null;
  const some = { ...pictures, slices: pictures.slices.slice(0, PICTURES) };
  const clean = await readCleanPictures(some, { ...how, group: 'replay' });
  const slices = sampled.map(({ z }) => z);
  const { signal } = how;
  const seen = await stackPictures({ ...stack, slices }, how.start, {
    signal,
    note: () => undefined,
  });
  return (
    fitLook(
      seen,
      clean.map(({ image, width, height }) => ({ image, width, height, known: null })),
    )?.blur ?? null
  );
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/**
 * How alike the cells of a network's answers to a slice as it lies and
 * transposed are, on a few slices, after the stack's conditioning.
 */
export const measureTrustOf: Handler<
  MeasureTrustParams,
  { done: number; total: number },
  MeasureTrustResult
> = async (params, { signal, progress }) => {
  const { stack, channel, model: folder, pixelSize, conditioning, choice } = params;
  const began = performance.now();
  const { engine, model } = await engineWithModel(folder, choice);
  const { topology: threshold } = model.file.thresholds;
  const sampled = await sampleSlices(
    { stack, channel: channel ?? null },
    { count: SLICES, side: SIDE },
    signal,
  );
  const predictor = new SlicePredictor(engine, model.network, model.weights);
  const pairs: MapPair[] = [];
  const slices: MeasureTrustResult['slices'] = [];
  try {
    for (const [i, slice] of sampled.entries()) {
      await breathe(signal);
      const grid = networkGrid(slice, pixelSize, model.file.pixelSize, conditioning.scale);
      const pair = await predictPair(
        (part) => predictor.predict(part, { signal, ...tileOf(choice) }),
        toNetwork(grid, slice, conditioning),
        knownOnNetwork(grid, slice.known),
      );
      pairs.push(pair);
      const score = steadiness([pair]);
      const agreement = meanAgreement([pair], threshold);
      slices.push({
        z: slice.z,
        light: lightOf(agreement, score, pair.map.length),
        agreement: agreement.vInfo,
        disagreement: finite(score.disagreement),
        share: score.share,
      });
      progress({ done: i + 1, total: sampled.length });
    }
  } finally {
    predictor.dispose();
  }
  await breathe(signal);
  const agreement = meanAgreement(pairs, threshold);
  const score = steadiness(pairs);
  const pixels = Math.max(0, ...pairs.map(({ map }) => map.length));
  const light = lightOf(agreement, score, pixels);
  const better = light === 'green' ? null : betterThreshold(pairs, agreement);
  return {
    light,
    agreement: agreement.vInfo,
    disagreement: finite(score.disagreement),
    share: score.share,
    threshold,
    blur: await blurOf(params, sampled, { start: model, engine, signal }),
    better: better === null ? null : { threshold: better.threshold, agreement: better.vInfo },
    slices,
    seconds: (performance.now() - began) / 1000,
    engine: engine.description,
    device: engine.device,
  };
};
