import { noConditioning } from '#contract/entities';
import { predictPair, addFlip, flipScore, noFlipSums } from '#model/conditioning/flip';
import { cropOf, placesFor } from '#model/conditioning/places';
import { searchConditioning, type Ask } from '#model/conditioning/search';
import { SlicePredictor } from '#model/inference/predictor';
import type { Handler } from '../request';
import type { ChooseConditioningParams, ChooseConditioningResult } from '../requests';
import { breathe } from '../serve';
import { engineWithModel } from './engine-with-model';
import { knownOnNetwork, networkGrid, toNetwork } from './network-grid';
import { tileOf } from './portion';
import { sampleSlices } from './sampled-slices';

/** Slices that are looked at: a drift over the stack shows on three. */
const SLICES = 3;
/** Of a larger slice the middle: what is done to it costs time that grows with its area. */
const SIDE = 1024;

/**
 * Tries conditionings on places of three slices and keeps the one under which
 * the network's answer depends least on the way the picture lies.
 */
export const chooseConditioningOf: Handler<
  ChooseConditioningParams,
  { done: number; total: number },
  ChooseConditioningResult
> = async (
  { stack, channel, model: folder, pixelSize, proposeScale, choice },
  { signal, progress },
) => {
  const began = performance.now();
  const { engine, model } = await engineWithModel(folder, choice);
  const sampled = await sampleSlices(
    { stack, channel: channel ?? null },
    { count: SLICES, side: SIDE },
    signal,
  );
  const predictor = new SlicePredictor(engine, model.network, model.weights);
  const ask: Ask = async (shown, size) => {
    let sums = noFlipSums;
    for (const [i, slice] of sampled.entries()) {
      await breathe(signal);
      const grid = networkGrid(slice, pixelSize, model.file.pixelSize, shown.scale);
      const picture = toNetwork(grid, slice, { ...noConditioning, ...shown });
      const known = knownOnNetwork(grid, slice.known);
      const { crop, known: own } = cropOf(picture, known, placesFor(i, size, shown.scale));
      const pair = await predictPair(
        (part) => predictor.predict(part, { signal, ...tileOf(choice) }),
        crop,
        own,
      );
      sums = addFlip(sums, pair);
    }
    return flipScore(sums);
  };
  try {
    const found =
      sampled.length === 0
        ? null
        : await searchConditioning(ask, {
            scales: proposeScale,
            asked: (done, total) => {
              progress({ done, total });
            },
          });
    return {
      chosen: found?.chosen ?? noConditioning,
      proposedScale: found?.proposedScale ?? null,
      tried: (found?.tried ?? []).map(({ shown, score }) => ({
        conditioning: shown,
        disagreement: Number.isFinite(score.disagreement) ? score.disagreement : null,
        share: score.share,
      })),
      slices: sampled.map(({ z }) => z),
      seconds: (performance.now() - began) / 1000,
      engine: engine.description,
      device: engine.device,
    };
  } finally {
    predictor.dispose();
  }
};
