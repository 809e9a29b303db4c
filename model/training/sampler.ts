import { mirrored } from '../inference/tiling';
import type { Random } from './random';
import { ModelError } from '../errors';
import { RarerClass, type Place } from './class-balance';
import type { ClassPlane, TrainingSlice } from './training-slice';

/** How large a share of all crops comes from slices of a group. Shares are scaled to add up to 1. */
export interface GroupShare {
  readonly group: string;
  readonly share: number;
}

/** What is said about one class of a crop, row by row; null = nothing. */
export interface CropPlane {
  readonly target: Float32Array<ArrayBuffer>;
  readonly weight: Float32Array<ArrayBuffer>;
}

/** One square crop, row by row. */
export interface Crop extends CropPlane {
  readonly side: number;
  readonly image: Float32Array<ArrayBuffer>;
  /** The classes behind membrane, as the slice has them. */
  readonly others?: readonly (CropPlane | null)[];
  readonly group: string;
}

/** Labelled places are found by cells of this side. */
const cellSide = 32;

/** The cells of a slice that hold at least one pixel to cut crops around. */
function labelledCells(slice: TrainingSlice): Place[] {
  const places: Place[] = [];
  for (let top = 0; top < slice.height; top += cellSide) {
    for (let left = 0; left < slice.width; left += cellSide) {
      if (hasLabel(slice, left, top))
        places.push({ slice, x: left + cellSide / 2, y: top + cellSide / 2 });
    }
  }
  return places;
}

function hasLabel(slice: TrainingSlice, left: number, top: number): boolean {
  const { width, height } = slice;
  const marks = slice.focus ?? slice.weight;
  for (let y = top; y < Math.min(height, top + cellSide); y++) {
    for (let x = left; x < Math.min(width, left + cellSide); x++)
      if ((marks[y * width + x] ?? 0) > 0) return true;
  }
  return false;
}

/**
 * Cuts random crops around labelled pixels. The groups take turns so that
 * after any number of crops each has had its share, to within one crop: a
 * batch can't be without replay by bad luck. A share `balance` of the crops is
 * centred on a pixel of the class that is rarer in the group.
 */
export class CropSampler {
  readonly #places: ReadonlyMap<string, readonly Place[]>;
  readonly #rarer: ReadonlyMap<string, RarerClass>;
  readonly #balance: number;
  readonly #shares: readonly GroupShare[];
  readonly #side: number;
  readonly #random: Random;
  #drawn: number[];

  /** Groups of the plan without a labelled pixel are left out, their share goes to the others. Throws `labels.none` if none is left. */
  constructor(
    slices: readonly TrainingSlice[],
    plan: readonly GroupShare[],
    side: number,
    random: Random,
    balance = 0,
  ) {
    const places = new Map<string, Place[]>();
    for (const slice of slices)
      places.set(slice.group, [...(places.get(slice.group) ?? []), ...labelledCells(slice)]);
    this.#places = places;
    this.#balance = balance;
    this.#rarer = new Map(
      (balance > 0 ? [...places.keys()] : []).map((group) => [
        group,
        new RarerClass(slices.filter((slice) => slice.group === group)),
      ]),
    );
    const present = plan.filter(
      ({ group, share }) => share > 0 && (places.get(group)?.length ?? 0) > 0,
    );
    const total = present.reduce((sum, { share }) => sum + share, 0);
    if (present.length === 0) {
      throw new ModelError('labels.none', 'None of the slices to train on has a labelled pixel.', {
        hint: 'Paint some membrane and some cell interior, then train again.',
        data: { slices: slices.length },
      });
    }
    this.#shares = present.map(({ group, share }) => ({ group, share: share / total }));
    this.#side = side;
    this.#random = random;
    this.#drawn = this.#shares.map(() => 0);
  }

  /** Crops drawn from each group so far, in the order of the plan; part of a checkpoint. */
  drawn(): readonly number[] {
    return [...this.#drawn];
  }

  restore(drawn: readonly number[]): void {
    this.#drawn = this.#shares.map((_, i) => drawn[i] ?? 0);
  }

  next(): Crop {
    const group = this.#nextGroup();
    const centred = this.#onRarerClass(group);
    if (centred !== undefined) return centred;
    const places = this.#places.get(group) ?? [];
    const place = places[this.#random.integer(places.length)];
    if (place === undefined) throw new Error(`Group "${group}" has no places.`);
    const { slice } = place;
    const x = this.#origin(place.x, slice.width);
    const y = this.#origin(place.y, slice.height);
    return cutCrop(slice, x, y, this.#side);
  }

  /** A crop centred on the rarer class, when it is its turn; pushed inside the slice where it can be. */
  #onRarerClass(group: string): Crop | undefined {
    const side = this.#side;
    if (this.#balance <= 0 || this.#random.uniform() >= this.#balance) return undefined;
    const place = this.#rarer.get(group)?.pick(this.#random);
    if (place === undefined) return undefined;
    const { slice } = place;
    const start = (at: number, size: number): number => {
      const first = at - Math.floor(side / 2);
      return size <= side ? first : Math.min(size - side, Math.max(0, first));
    };
    return cutCrop(slice, start(place.x, slice.width), start(place.y, slice.height), side);
  }

  /** The group that is furthest behind its share. */
  #nextGroup(): string {
    const count = this.#drawn.reduce((sum, drawn) => sum + drawn, 1);
    let chosen = 0;
    let furthest = -Infinity;
    this.#shares.forEach(({ share }, i) => {
      const behind = share * count - (this.#drawn[i] ?? 0);
      if (behind > furthest + 1e-9) {
        furthest = behind;
        chosen = i;
      }
    });
    this.#drawn[chosen] = (this.#drawn[chosen] ?? 0) + 1;
    return this.#shares[chosen]?.group ?? '';
  }

  /** A crop's start along an axis such that it contains the place and, where it can, lies inside the slice. */
  #origin(place: number, size: number): number {
    const side = this.#side;
    const random = this.#random.uniform();
    if (size <= side) return -Math.floor((side - size) * random);
    const margin = Math.min(cellSide / 2, side / 4);
    const first = Math.max(0, place + margin - side);
    const last = Math.max(first, Math.min(size - side, place - margin));
    return Math.min(size - side, Math.round(first + random * (last - first)));
  }
}

/** Pixels outside the slice are mirrored and count for nothing. */
function cutCrop(slice: TrainingSlice, x: number, y: number, side: number): Crop {
  const image = new Float32Array(side * side);
  const { width, height } = slice;
  const first = Math.max(0, -x);
  const end = Math.min(side, width - x);
  for (let row = 0; row < side; row++) {
    const source = mirrored(y + row, height) * width;
    const at = row * side;
    for (let column = 0; column < first; column++)
      image[at + column] = slice.image[source + mirrored(x + column, width)] ?? 0;
    image.set(slice.image.subarray(source + x + first, source + x + end), at + first);
    for (let column = end; column < side; column++)
      image[at + column] = slice.image[source + mirrored(x + column, width)] ?? 0;
  }
  const others = slice.others?.map((plane) =>
    plane === null ? null : cutPlane(plane, slice, x, y, side),
  );
  return {
    side,
    image,
    ...cutPlane(slice, slice, x, y, side),
    ...(others === undefined ? {} : { others }),
    group: slice.group,
  };
}

function cutPlane(
  plane: ClassPlane & Pick<TrainingSlice, 'soft'>,
  { width, height }: Pick<TrainingSlice, 'width' | 'height'>,
  x: number,
  y: number,
  side: number,
): CropPlane {
  const target = new Float32Array(side * side);
  const weight = new Float32Array(side * side);
  const first = Math.max(0, -x);
  const end = Math.min(side, width - x);
  for (let row = Math.max(0, -y); row < Math.min(side, height - y); row++) {
    const source = (y + row) * width;
    const at = row * side;
    for (let column = first; column < end; column++)
      target[at + column] =
        plane.soft?.[source + x + column] ?? (plane.target[source + x + column] === 1 ? 1 : 0);
    weight.set(plane.weight.subarray(source + x + first, source + x + end), at + first);
  }
  return { target, weight };
}
