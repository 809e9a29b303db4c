import type { MaskThresholds } from '#contract/entities';
import { membraneMask } from '#contract/mask/membrane-mask';
import { classStrokes } from '#main/cli/simulate/class-strokes';
import { simulatedCorrections, type User } from '#main/cli/simulate/user';
import { follow, type TrainSetting } from '#main/compute/handlers/training/follow-training';
import { networkGrid, toNetwork } from '#main/compute/handlers/slices/network-grid';
import { readReplay } from '#main/compute/handlers/slices/replay-slices';
import { inputSlice, tissueSliceOf } from '#main/compute/handlers/slices/tissue-slice';
import { trainOnCorrections } from '#main/compute/handlers/training/train-on-corrections';
import type { LabelledStacks, TrainParams, TrainResult } from '#main/compute/requests';
import { untouchedSlices } from '#main/jobs/untouched-slices';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { Engine } from '#model/engines/engine';
import { probabilityBytes } from '#model/inference/probability-bytes';
import { correctionPlan, correctionRecipe } from '#model/training/defaults';
import type { TrainingSlice } from '#model/training/training-slice';
import { depth, type CorrectionSetting } from './settings';
import type { Slices } from './stacks';
import { mapsOf, steadyThreshold, type Version } from './version';

export interface Bench {
  readonly stack: SourceReference;
  readonly setting: CorrectionSetting;
  readonly truth: Slices;
  /** Of the setting's own class; null = it has none. */
  readonly ownTruth: Slices | null;
  readonly replay: LabelledStacks;
  readonly engine: Engine;
  readonly threads: number;
  readonly steps: number;
  readonly seed: number;
  /** The mask that the user mends: at the pixel threshold alone, or as the window shows it. */
  readonly mask: 'pixel' | 'shown';
}

export interface Corrected {
  readonly labels: ReadonlyMap<number, Uint8Array<ArrayBuffer>>;
  readonly strokes: number;
  readonly paintedPixels: number;
  readonly mistakes: number;
}

/** The user paints the setting's class and what it is not, and nothing else. */
function paintClass(
  { setting, truth, ownTruth, seed }: Bench,
  slices: readonly number[],
  most: number,
): Corrected {
  const { width, height } = truth;
  const labels = new Map<number, Uint8Array<ArrayBuffer>>();
  let [strokes, paintedPixels] = [0, 0];
  for (const z of slices) {
    const slice = {
      own: ownTruth?.slices[z] ?? new Uint8Array(),
      membrane: truth.slices[z] ?? new Uint8Array(),
    };
    const hand = { label: setting.ownClass?.id ?? 0, strokes: most, seed: seed * 1000 + z };
    const made = classStrokes({ ...slice, width, height }, hand);
    labels.set(z, made.labels);
    strokes += made.strokes;
    paintedPixels += made.labels.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  }
  return { labels, strokes, paintedPixels, mistakes: 0 };
}

/** What the mask that the user mends is drawn at. */
async function shownThresholds(
  { stack, setting, engine, mask }: Bench,
  version: Version,
): Promise<MaskThresholds> {
  const { pixel } = version.file.thresholds;
  if (mask === 'pixel') return { pixel, cells: pixel };
  const { threshold } = await steadyThreshold(stack, setting, engine, version);
  return { pixel, cells: threshold };
}

/** A simulated user goes over slices with the mask of a version. */
export async function correct(
  bench: Bench,
  version: Version,
  slices: readonly number[],
  user: User,
  most: number,
): Promise<Corrected> {
  const { stack, setting, truth, engine, seed } = bench;
  // For the user who slips a slice: what the one before shows.
  if (setting.ownClass !== undefined) return paintClass(bench, slices, most);
  const seen = user === 'wrong-slice' ? slices.flatMap((z) => [z, z + 2]) : slices;
  const maps = await mapsOf(stack, setting, seen, engine, version);
  const { width, height } = truth;
  const thresholds = await shownThresholds(bench, version);
  const judged = (z: number) => ({
    mask: membraneMask(
      probabilityBytes(maps.get(z) ?? new Float32Array()),
      width,
      height,
      thresholds,
    ),
    truth: truth.slices[z] ?? new Uint8Array(),
    width,
    height,
  });
  const labels = new Map<number, Uint8Array<ArrayBuffer>>();
  let [strokes, paintedPixels, mistakes] = [0, 0, 0];
  for (const z of slices) {
    const hand = { user, strokes: most, seed: seed * 1000 + z, confirm: true };
    const elsewhere = user === 'wrong-slice' ? judged(z + 2) : undefined;
    const made = simulatedCorrections(judged(z), hand, elsewhere);
    labels.set(z, made.labels);
    strokes += made.strokes;
    paintedPixels += made.paintedPixels;
    mistakes += made.mistakes;
  }
  return { labels, strokes, paintedPixels, mistakes };
}

function settingOf({ engine, threads, steps, seed, replay }: Bench, start: Version): TrainSetting {
  const params: TrainParams = {
    data: { kind: 'stacks', sources: [replay] },
    start: { kind: 'model', folder: '' },
    budget: { steps, seconds: null },
    seed,
    checkpoint: null,
    choice: { engine: 'auto', device: 'cpu', threads },
  };
  const { signal } = new AbortController();
  return {
    params,
    context: { signal, progress: () => undefined },
    engine,
    network: start.network,
    start,
  };
}

/** One round as the app makes it, from the version that has seen no corrections. `recent` are slices that the version has not learnt from, `judged` those of them that judged it. */
export async function makeRound(
  bench: Bench,
  start: Version,
  inUse: Version,
  labels: ReadonlyMap<number, Uint8Array<ArrayBuffer>>,
  recent: ReadonlySet<number>,
  judged: ReadonlySet<number>,
): Promise<TrainResult> {
  const slices = [...labels].sort(([a], [b]) => a - b);
  const data = {
    kind: 'corrections' as const,
    inUse: '',
    stack: bench.stack,
    pixelSize: null,
    conditioning: bench.setting.conditioning,
    classes: bench.setting.ownClass === undefined ? [] : [bench.setting.ownClass],
    slices: slices.map(([z, own]) => ({
      z,
      labels: own,
      recent: recent.has(z),
      heldBefore: judged.has(z),
    })),
    untouched: untouchedSlices(depth, [...labels.keys()]),
    replay: bench.replay,
    compare: { z: slices[0]?.[0] ?? 0, mask: await shownThresholds(bench, inUse) },
  };
  return trainOnCorrections(settingOf(bench, start), data, inUse);
}

/** The same steps on replay alone, or with the dense truth of slices beside it. */
export async function makeControl(
  bench: Bench,
  start: Version,
  truths: readonly number[],
): Promise<Version> {
  const { stack, setting, truth, replay, engine, seed } = bench;
  const { signal } = new AbortController();
  const train: TrainingSlice[] = [
    ...(
      await readReplay(replay, {
        start,
        engine,
        signal,
        weight: 1,
        stack: { stack, pixelSize: null, conditioning: setting.conditioning, slices: [0] },
        // Asked on nothing, it stays as it is.
        untouched: [],
        seed,
        note: () => undefined,
      })
    ).train,
  ];
  for (const z of truths) {
    const slice = inputSlice(await tissueSliceOf(stack, z, signal));
    const grid = networkGrid(slice, null, null, setting.conditioning.scale);
    const target = truth.slices[z] ?? new Uint8Array();
    train.push({
      ...toNetwork(grid, slice, setting.conditioning),
      target,
      weight: new Float32Array(target.length).fill(1),
      group: 'new-strokes',
    });
  }
  const recipe = {
    ...correctionRecipe,
    plan: correctionPlan(false),
    stop: { kind: 'steps' as const, steps: bench.steps },
  };
  const run = await follow(
    {
      engine,
      network: start.network,
      weights: start.weights,
      slices: train,
      validation: [],
      recipe,
      seed,
    },
    settingOf(bench, start),
  );
  return { ...start, weights: run.weights };
}
