import type { MicroBatch } from '../engines/engine';
import { augment } from './augment';
import type { Recipe } from './defaults';
import { Random } from './random';
import { CropSampler, type Crop } from './sampler';
import type { TrainingSlice } from './training-slice';

/** Where the source of batches stands: what decides all that come. */
export interface BatchState {
  readonly random: readonly number[];
  /** Crops drawn from each group so far, in the order of the plan. */
  readonly drawn: readonly number[];
}

/** One weight a class: what trains here are classes that are each for themselves. */
function pack(crops: readonly Crop[], side: number, classes: number): MicroBatch {
  const area = side * side;
  const image = new Float32Array(crops.length * area);
  const target = new Float32Array(crops.length * area * classes);
  const weight = new Float32Array(crops.length * area * classes);
  crops.forEach((crop, i) => {
    image.set(crop.image, i * area);
    const first = i * area * classes;
    if (classes === 1) {
      target.set(crop.target, first);
      weight.set(crop.weight, first);
      return;
    }
    for (let c = 0; c < classes; c++) {
      const plane = c === 0 ? crop : crop.others?.[c - 1];
      if (plane == null) continue;
      for (let at = 0; at < area; at++) {
        target[first + at * classes + c] = plane.target[at] ?? 0;
        weight[first + at * classes + c] = plane.weight[at] ?? 0;
      }
    }
  });
  return { count: crops.length, image, target, weight };
}

/**
 * Draws, augments and packs the crops of step after step. A batch can be
 * prepared while the engine is busy with the one before: the state is always
 * that behind the batches taken, so a run that stops and goes on draws the
 * same ones.
 */
export class BatchSource {
  readonly #recipe: Recipe;
  readonly #classes: number;
  readonly #random: Random;
  readonly #sampler: CropSampler;
  #prepared: { readonly batch: readonly MicroBatch[]; readonly before: BatchState } | null = null;

  /** `classes` of the network. Throws `labels.none` where no slice of the plan has a labelled pixel. */
  constructor(slices: readonly TrainingSlice[], recipe: Recipe, seed: number, classes: number) {
    this.#recipe = recipe;
    this.#classes = classes;
    this.#random = new Random(seed);
    const { plan, crop, balance } = recipe;
    this.#sampler = new CropSampler(slices, plan, crop, this.#random, balance);
  }

  /** Draws the next batch, if it is not there yet. */
  prepare(): void {
    this.#prepared ??= { before: this.#now(), batch: this.#draw() };
  }

  take(): readonly MicroBatch[] {
    const batch = this.#prepared?.batch ?? this.#draw();
    this.#prepared = null;
    return batch;
  }

  /** As of the last batch taken. */
  state(): BatchState {
    return this.#prepared?.before ?? this.#now();
  }

  restore({ random, drawn }: BatchState): void {
    this.#random.restore(Uint32Array.from(random));
    this.#sampler.restore(drawn);
    this.#prepared = null;
  }

  #now(): BatchState {
    return { random: [...this.#random.state()], drawn: this.#sampler.drawn() };
  }

  #draw(): readonly MicroBatch[] {
    const { batch, microBatch, crop, augmentation } = this.#recipe;
    const crops = Array.from({ length: batch }, () =>
      augment(this.#sampler.next(), augmentation, this.#random),
    );
    return Array.from({ length: Math.ceil(batch / microBatch) }, (_, i) =>
      pack(crops.slice(i * microBatch, (i + 1) * microBatch), crop, this.#classes),
    );
  }
}
