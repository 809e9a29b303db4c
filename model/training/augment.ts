import { turned, type Dihedral } from '../inference/dihedral';
import { mapPlanes } from './crop-planes';
import { deformed, randomDisplacement } from './elastic';
import { zoomedAndTurned } from './zoom';
import type { Random } from './random';
import type { Crop } from './sampler';

/** What may happen to a crop before the network sees it. */
export interface Augmentation {
  readonly dihedral: boolean;
  /** Share of crops that are deformed; 0 draws nothing, so that runs of before it was there repeat. */
  readonly elastic: number;
  /** Distance of the grid's nodes, and the largest root mean square displacement along an axis, in pixels. */
  readonly elasticSpacing: number;
  readonly elasticDeviation: number;
  /** Of the deformed crops: largest factor, minus 1, by which they are enlarged or reduced, and largest angle in degrees that they are turned by. */
  readonly zoom: number;
  readonly rotation: number;
  /** Share of crops whose grey values are scaled and shifted. */
  readonly intensity: number;
  /** Range of the scale, and largest shift to either side, in standard deviations of the slice. */
  readonly scale: readonly [number, number];
  readonly shift: number;
  /** Share of crops that get Gaussian noise, and its largest deviation. */
  readonly noise: number;
  readonly noiseDeviation: number;
  /** Share of crops that are blurred, and the largest Gaussian σ in pixels. */
  readonly blur: number;
  readonly blurDeviation: number;
}

/** Turns, mirrors, deforms and changes a crop at random; target and weight go along. */
export function augment(crop: Crop, augmentation: Augmentation, random: Random): Crop {
  const { side } = crop;
  let moved = crop;
  if (augmentation.dihedral) {
    const turn = turnOf(random.integer(8));
    const turn1 = (values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
      turned({ values, width: side, height: side }, turn).values;
    moved = { ...moved, image: turn1(moved.image), ...mapPlanes(moved, turn1) };
  }
  if (augmentation.elastic > 0 && random.uniform() < augmentation.elastic) {
    const deviation = random.between(0, augmentation.elasticDeviation);
    const bent = randomDisplacement(side, augmentation.elasticSpacing, deviation, random);
    const field = zoomedAndTurned(bent, side, augmentation, random);
    moved = deformed(moved, field);
  }
  let { image } = moved;
  if (random.uniform() < augmentation.blur)
    image = gaussianBlur(image, side, random.between(0, augmentation.blurDeviation));
  if (random.uniform() < augmentation.intensity) {
    const [low, high] = augmentation.scale;
    const scale = random.between(low, high);
    const shift = random.between(-augmentation.shift, augmentation.shift);
    image = image.map((value) => value * scale + shift);
  }
  if (random.uniform() < augmentation.noise) {
    const deviation = random.between(0, augmentation.noiseDeviation);
    image = image.map((value) => value + deviation * random.normal());
  }
  return { ...moved, image };
}

function turnOf(value: number): Dihedral {
  switch (value) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
      return value;
    default:
      return 0;
  }
}

/** Separable Gaussian with clamped borders; σ in pixels. */
function gaussianBlur(
  image: Float32Array<ArrayBuffer>,
  side: number,
  sigma: number,
): Float32Array<ArrayBuffer> {
  const radius = Math.ceil(sigma * 3);
  if (radius === 0) return image;
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const norm = kernel.reduce((sum, value) => sum + value, 0);
  // Along one line: written out beyond its ends first, so that every pixel has all its neighbours.
  const line = new Float32Array(side + 2 * radius);
  const pass = (values: Float32Array<ArrayBuffer>, step: number, next: number): void => {
    for (let n = 0; n < side; n++) {
      const first = n * next;
      for (let i = 0; i < line.length; i++)
        line[i] = values[first + Math.min(side - 1, Math.max(0, i - radius)) * step] ?? 0;
      for (let i = 0; i < side; i++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += (kernel[k] ?? 0) * (line[i + k] ?? 0);
        values[first + i * step] = sum / norm;
      }
    }
  };
  const result = image.slice();
  pass(result, 1, side);
  pass(result, side, 1);
  return result;
}
