import { MembranaError } from '#contract/errors';
import { MEMBRANE } from '#contract/label-byte';
import { sliceMark } from '#contract/slice-marks';
import {
  classLabels,
  FEWEST_OF_CLASS,
  membraneLabels,
  paintedPixels,
  unpaintedWeight,
} from '#main/corrections/class-set';
import { holdBack } from '#main/corrections/hold-back';
import {
  checkable,
  isPainted,
  learnable,
  pseudoLabels,
  roundWeights,
  type LearnableSlice,
  type RoundWeights,
} from '#main/corrections/training-set';
import type { Engine } from '#model/engines/engine';
import { SlicePredictor } from '#model/inference/predictor';
import type { TrainingSlice, ValidationSlice } from '#model/training/training-slice';
import type { Corrections } from '../../requests';
import {
  anchor,
  classesOf,
  judgedOwn,
  keptMembrane,
  onTissue,
  placeOf,
  requireAnchor,
  requireTissue,
  reviewedFocus,
  strokeFocus,
  type ClassToLearn,
  type OwnAnswers,
} from './correction-labels';
import { ownPlanes, placeOf as placeIn } from '../training/known-classes';
import type { LoadedNetwork } from '../loaded-network';
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
} from '../scores/version-check';

/** A corrected slice as its classes are judged on it. */
export interface ClassSlice {
  readonly picture: SeenSlice;
  readonly labels: Uint8Array;
  /** 1 = its strokes judge, 2 = neither judges nor trains; 'all' = all judge. */
  readonly held: Uint8Array | 'all' | undefined;
}

export interface CorrectionMaterial {
  readonly train: readonly TrainingSlice[];
  /** Beside membrane, map by map. */
  readonly classes: readonly ClassToLearn[];
  /** The names of those that were painted. */
  readonly paintedClasses: readonly string[];
  readonly classSlices: readonly ClassSlice[];
  readonly weights: RoundWeights;
  /** The round is about other classes: membranes are to stay what they are. */
  readonly keepMembrane: boolean;
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

interface SeenCorrection extends OwnAnswers {
  readonly picture: SeenSlice;
  readonly labels: Uint8Array<ArrayBuffer>;
  /** What of them is about membranes. */
  readonly membranes: Uint8Array<ArrayBuffer>;
  /** The map of membrane of the version in use, where that is to be kept as it is. */
  readonly soft: Float32Array<ArrayBuffer> | null;
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
  const painted = paintedPixels(slices.map(({ labels }) => labels));
  const { classes, wanted } = classesOf(data, start, inUse, painted, note);
  const mapped = new Set(classes.flatMap(({ label }) => (label === null ? [] : [label])));
  // Where nobody painted membrane, it is not what the round is about: its map is to stay what it is.
  const keepMembrane = wanted.length > 0 && (painted.get(MEMBRANE) ?? 0) < FEWEST_OF_CLASS;
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
  const classSlices: ClassSlice[] = [];
  const untouched: SeenSlice[] = [];
  let strokesBefore = noStrokes;
  let weights: RoundWeights;
  let heldWhole: boolean;
  try {
    const seen: SeenCorrection[] = [];
    for (const { z, labels, recent, heldBefore } of slices) {
      const picture = await read(z);
      if (picture === null) continue;
      const maps = await predictor.predictAll(picture, { signal });
      const area = labels.length;
      const map = inUse.network.classes === 1 ? maps : maps.slice(0, area);
      const own = pseudoLabels(map, inUse.file.thresholds);
      const answers = ownPlanes(maps, inUse.file.classes, new Uint8Array(area));
      const there = onTissue(labels, picture.known);
      seen.push({
        picture,
        labels: there,
        membranes: membraneLabels(there, mapped),
        own,
        soft: keepMembrane ? map : null,
        ownClasses: classes.map((one) => answers[placeIn(inUse.file.classes, one)]?.target ?? null),
        recent,
        heldBefore,
      });
    }
    requireTissue(seen);
    const held = holdBack(
      seen.map(({ picture: { z }, labels, recent, heldBefore, ...slice }) => ({
        ...{ z, labels, recent, heldBefore },
        own: judgedOwn(labels, slice, classes),
      })),
      grid.network.width,
    );
    heldWhole = held.slices.size > 0;
    const teaching = seen.filter(({ picture }) => !held.slices.has(picture.z));
    weights = roundWeights(teaching.map(({ membranes }) => membranes));
    const unpainted = unpaintedWeight(teaching.map(({ labels }) => labels));
    const anyPainted = teaching.some(({ labels }) => labels.some(isPainted));
    for (const { picture, labels, membranes, own, soft, ownClasses, recent } of seen) {
      const { z } = picture;
      const whole = held.slices.has(z);
      const mask = held.masks.get(z);
      classSlices.push({ picture, labels, held: whole ? 'all' : mask });
      if (!keepMembrane && membranes.some(isPainted)) {
        const stroked = {
          ...picture,
          trained: checkable(membranes, mask, whole ? 'none' : 'trained'),
          held: checkable(membranes, mask, whole ? 'all' : 'held'),
        };
        strokes.push(stroked);
        strokesBefore = addStrokes(strokesBefore, own, stroked);
      }
      if (whole) continue;
      const slice: LearnableSlice & Pick<TrainingSlice, 'soft' | 'others'> = {
        ...(soft === null
          ? learnable(membranes, own, mask, weights)
          : keptMembrane(labels, own, soft)),
        ...(classes.length === 0
          ? {}
          : {
              others: classes.map(({ label }, c) =>
                classLabels(labels, label, ownClasses[c] ?? null, mask, unpainted),
              ),
            }),
      };
      const focus = anyPainted ? strokeFocus(labels, mask) : reviewedFocus(labels, slice);
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
          keepMembrane,
          note,
        });
  train.push(...replay.train);
  requireAnchor(train);
  const labelled = new Set(data.slices.map(({ z }) => z));
  return {
    train,
    classes,
    paintedClasses: classes.filter((one) => placeIn(wanted, one) >= 0).map(({ name }) => name),
    classSlices,
    keepMembrane,
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
