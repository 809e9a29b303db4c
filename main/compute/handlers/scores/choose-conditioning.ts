import { noConditioning } from '#contract/entities';
import { predictPair, steadiness, type MapPair } from '#model/conditioning/flip';
import { cropOf, placesFor } from '#model/conditioning/places';
import { searchConditioning, type Ask, type ShownAs } from '#model/conditioning/search';
import { conditionSlice } from '#model/inference/condition';
import { SlicePredictor, type NormalisedSlice } from '#model/inference/predictor';
import type { Handler } from '../../request';
import type { ChooseConditioningParams, ChooseConditioningResult } from '../../requests';
import { breathe } from '../../serve';
import { engineWithModel } from '../engine-with-model';
import { knownOnNetwork, networkGrid, toNetwork } from '../slices/network-grid';
import { tileOf } from '../training/portion';
import { sampleSlices, type SampledSlice } from '../slices/sampled-slices';

/** Slices that are looked at: a drift over the stack shows on three. */
const SLICES = 3;
/** Of a larger slice the middle: what is done to it costs time that grows with its area. */
const SIDE = 768;

type Known = Uint8Array<ArrayBuffer> | null;

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
  // A flat field costs as much as everything else together, and is the same under every smoothing.
  const evened = new Map<string, { readonly picture: NormalisedSlice; readonly known: Known }>();
  const evenedSlice = (index: number, slice: SampledSlice, { flatField, scale }: ShownAs) => {
    const key = JSON.stringify([index, flatField, scale]);
    const made = evened.get(key);
    if (made !== undefined) return made;
    // Enlarged, a part says as much as the whole did, and costs no more.
    const side = Math.round(SIDE / Math.max(1, scale));
    const { crop, known } = cropOf({ ...slice, image: slice.values }, slice.known, [
      { x: 0.5, y: 0.5, side },
    ]);
    const part = { values: crop.image, known, width: crop.width, height: crop.height };
    const grid = networkGrid(part, pixelSize, model.file.pixelSize, scale);
    const picture = toNetwork(grid, part, { ...noConditioning, flatField });
    const one = { picture, known: knownOnNetwork(grid, known) };
    evened.set(key, one);
    return one;
  };
  const ask: Ask = async (shown, size) => {
    const pairs: MapPair[] = [];
    for (const [i, slice] of sampled.entries()) {
      await breathe(signal);
      const { picture, known } = evenedSlice(i, slice, shown);
      const { width, height } = picture;
      const grey = { ...shown, flatField: 0 };
      const image = conditionSlice(picture.image, known, width, height, grey);
      const places = placesFor(i, size, shown.scale);
      const { crop, known: own } = cropOf({ image, width, height }, known, places);
      pairs.push(
        await predictPair(
          (part) => predictor.predict(part, { signal, ...tileOf(choice) }),
          crop,
          own,
        ),
      );
    }
    return steadiness(pairs);
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
