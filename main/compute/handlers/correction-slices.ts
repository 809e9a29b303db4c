import { MembranaError } from '#contract/errors';
import { classOf, UNTOUCHED, VOID } from '#contract/label-byte';
import { sliceMark } from '#contract/slice-marks';
import { holdBack } from '#main/jobs/hold-back';
import {
  checkable,
  isPainted,
  isReviewed,
  learnable,
  pseudoLabels,
  roundWeights,
  type LearnableSlice,
  type RoundWeights,
} from '#main/jobs/training-set';
import type { Engine } from '#model/engines/engine';
import { SlicePredictor, type NormalisedSlice } from '#model/inference/predictor';
import type { TrainingSlice, ValidationSlice } from '#model/training/training-slice';
import type { Corrections } from '../requests';
import type { LoadedNetwork } from './loaded-network';
import { knownOnNetwork, labelsToNetwork, networkGrid, toNetwork } from './network-grid';
import { readReplay } from './replay-slices';
import { openStacks } from './slice-pixels';
import { inputSlice, tissueSliceOf } from './tissue-slice';
import {
  addStrokes,
  middleOf,
  noStrokes,
  type SeenSlice,
  type StrokeCheck,
  type StrokedSlice,
  type UntouchedCheck,
} from './version-check';

export interface CorrectionMaterial {
  readonly train: readonly TrainingSlice[];
  readonly weights: RoundWeights;
  /** Slices with strokes, and how the version in use has these. */
  readonly strokes: readonly StrokedSlice[];
  readonly strokesBefore: StrokeCheck;
  /** What was kept from training are whole slices. */
  readonly heldWhole: boolean;
  /** Slices on which versions are compared without labels. */
  readonly untouched: readonly SeenSlice[];
  /** What the version that the round trains from makes of them; null where nobody asked. */
  readonly startUntouched: UntouchedCheck | null;
  /** Replay crops with dense truth, and their numbers. */
  readonly replay: {
    /** Of the stack, where the crops were put into it; nothing where they are as they came. */
    readonly look: { readonly blur?: number; readonly noise?: number };
    readonly slices: readonly number[];
    readonly truth: readonly ValidationSlice[];
  };
  /** Reviewed slices whose image can't be read: left out. */
  readonly unreadable: readonly number[];
}

interface SeenCorrection {
  readonly picture: SeenSlice;
  readonly labels: Uint8Array<ArrayBuffer>;
  /** Labels of the version in use. */
  readonly own: Uint8Array<ArrayBuffer>;
  readonly recent: boolean;
  readonly heldBefore: boolean;
}

interface Sources {
  readonly start: LoadedNetwork;
  readonly inUse: LoadedNetwork;
  readonly seed: number;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

/**
 * Builds what a retraining learns from: corrections, the labels of the version in use
 * where the user said nothing, and replay.
 * @throws MembranaError labels.none when nothing would anchor the model besides corrections
 */
export async function readCorrections(
  data: Corrections,
  { start, inUse, engine, seed, signal, note }: Sources,
): Promise<CorrectionMaterial> {
  const predictor = new SlicePredictor(engine, inUse.network, inUse.weights);
  const { info } = await openStacks.get(data.stack, signal);
  const { pixelSize, conditioning } = data;
  const grid = networkGrid(info, pixelSize, start.file.pixelSize, conditioning.scale);
  if (grid.note !== '') note(grid.note);
  const slices = data.slices.map((slice) => ({
    ...slice,
    labels: labelsToNetwork(grid, slice.labels),
  }));
  const unreadable: number[] = [];
  const read = async (z: number): Promise<SeenSlice | null> => {
    note(`Reading slice ${sliceMark(z)}`);
    try {
      const slice = inputSlice(await tissueSliceOf(data.stack, z, signal));
      return {
        z,
        ...toNetwork(grid, slice, conditioning),
        known: knownOnNetwork(grid, slice.known),
      };
    } catch (error) {
      if (!(error instanceof MembranaError) || error.code !== 'stack.page-unreadable') throw error;
      // The others still teach; with none left the reason is the answer.
      unreadable.push(z);
      if (data.slices.every((slice) => unreadable.includes(slice.z))) throw error;
      return null;
    }
  };
  const train: TrainingSlice[] = [];
  const strokes: StrokedSlice[] = [];
  const untouched: SeenSlice[] = [];
  let strokesBefore = noStrokes;
  let weights: RoundWeights;
  let heldWhole: boolean;
  try {
    const seen: SeenCorrection[] = [];
    for (const { z, labels, recent, heldBefore } of slices) {
      const picture = await read(z);
      if (picture === null) continue;
      const map = await predictor.predict(picture, { signal });
      const own = pseudoLabels(map, inUse.file.thresholds);
      seen.push({ picture, labels: onTissue(labels, picture.known), own, recent, heldBefore });
    }
    requireTissue(seen);
    const held = holdBack(
      seen.map(({ picture: { z }, ...slice }) => ({ z, ...slice })),
      grid.network.width,
    );
    heldWhole = held.slices.size > 0;
    const teaching = seen.filter(({ picture }) => !held.slices.has(picture.z));
    weights = roundWeights(teaching.map(({ labels }) => labels));
    const anyPainted = teaching.some(({ labels }) => labels.some(isPainted));
    for (const { picture, labels, own, recent } of seen) {
      const { z } = picture;
      const whole = held.slices.has(z);
      const mask = held.masks.get(z);
      if (labels.some(isPainted)) {
        const stroked = {
          ...picture,
          trained: checkable(labels, mask, whole ? 'none' : 'trained'),
          held: checkable(labels, mask, whole ? 'all' : 'held'),
        };
        strokes.push(stroked);
        strokesBefore = addStrokes(strokesBefore, own, stroked);
      }
      if (whole) continue;
      const slice = learnable(labels, own, mask, weights);
      const focus = anyPainted ? slice.focus : reviewedFocus(labels, slice);
      const group = recent ? 'new-strokes' : 'earlier';
      train.push({ ...placeOf(picture), ...slice, focus, group });
      if (data.replay === null) train.push(anchor(placeOf(picture), slice, labels));
    }
    for (const z of data.untouched) {
      const picture = seen.find((one) => one.picture.z === z)?.picture ?? (await read(z));
      if (picture === null) continue;
      untouched.push(middleOf(picture));
      // A corrected slice has its labels above, where there is no other to compare on.
      if (data.replay !== null || slices.some((slice) => slice.z === z)) continue;
      const map = await predictor.predict(picture, { signal });
      const none = onTissue(new Uint8Array(map.length), picture.known);
      const own = pseudoLabels(map, inUse.file.thresholds);
      train.push(anchor(placeOf(picture), learnable(none, own, undefined, weights), none));
    }
  } finally {
    predictor.dispose();
  }
  const replay =
    data.replay === null
      ? { train: [], truth: [], look: null, asked: null }
      : await readReplay(data.replay, {
          start,
          engine,
          signal,
          weight: weights.replay,
          stack: { ...data, slices: [...data.untouched, ...data.slices.map(({ z }) => z)] },
          untouched,
          seed,
          note,
        });
  train.push(...replay.train);
  requireAnchor(train);
  const labelled = new Set(data.slices.map(({ z }) => z));
  return {
    train,
    weights,
    strokes,
    strokesBefore,
    heldWhole,
    untouched,
    startUntouched: replay.asked,
    replay: {
      look: replay.look === null ? {} : { blur: replay.look.blur, noise: replay.look.noise },
      slices: data.replay?.validate ?? [],
      truth: replay.truth,
    },
    unreadable: unreadable.filter((z) => labelled.has(z)),
  };
}

const placeOf = ({ image, width, height }: SeenSlice): NormalisedSlice => ({
  image,
  width,
  height,
});

/** Labels where there is tissue; elsewhere there is nothing to learn or to check, whatever was painted. */
function onTissue(
  labels: Uint8Array<ArrayBuffer>,
  known: Uint8Array | null,
): Uint8Array<ArrayBuffer> {
  return known === null ? labels : labels.map((label, i) => (known[i] === 1 ? label : VOID));
}

/** Labels beside the tissue teach nothing: on them alone a round would be replay only. */
function requireTissue(seen: readonly SeenCorrection[]): void {
  const teaches = (label: number): boolean =>
    classOf(label) !== UNTOUCHED && classOf(label) !== VOID;
  if (seen.some(({ labels }) => labels.some(teaches))) return;
  throw new MembranaError(
    'labels.none',
    'All corrections lie where the slices show no tissue, so there is nothing to learn from.',
    {
      hint: 'Paint or confirm where the slice shows tissue: the hatched parts teach nothing.',
      safe: 'The model in use stays as it is.',
    },
  );
}

/** Where crops are cut when nothing was painted: around what was confirmed. */
function reviewedFocus(labels: Uint8Array, { weight }: LearnableSlice): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(labels, (label, i) => (isReviewed(label) && (weight[i] ?? 0) > 0 ? 1 : 0));
}

/**
 * The same slice where nobody looked: without labelled pictures the model's own
 * labels keep it what it was. Beside labelled ones they would only hold back
 * what the strokes teach (docs/decisions/0012-corrections.md).
 */
function anchor(
  place: NormalisedSlice,
  { target, weight }: LearnableSlice,
  labels: Uint8Array,
): TrainingSlice {
  const focus = Uint8Array.from(labels, (label, i) =>
    label === UNTOUCHED && (weight[i] ?? 0) > 0 ? 1 : 0,
  );
  return { ...place, target, weight, focus, group: 'replay' };
}

function requireAnchor(train: readonly TrainingSlice[]): void {
  const anchored = train.some(
    ({ group, focus, weight }) =>
      group === 'replay' && (focus ?? weight).some((value: number) => value > 0),
  );
  if (anchored) return;
  throw new MembranaError(
    'labels.none',
    'There are only corrections to learn from; a model trained on them alone forgets everything else.',
    {
      hint: 'Leave parts of the stack untouched, or put back the replay data that comes with Membrana.',
      safe: 'Labels and models are kept.',
    },
  );
}
