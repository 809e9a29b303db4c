import { gaussian } from '#model/inference/gaussian';
import { resampled, type Picture } from '#model/inference/resample';
import { Random } from '#model/training/random';
import { jpegTexture } from './jpeg-texture';

/** Another microscope's picture of a slice: grey values in [0, 255] in, values of `type` out. */
export interface Look {
  readonly name: string;
  readonly type: 'uint8' | 'uint16';
  readonly voxelSize: 'kept' | 'dropped';
  /** Pixels of the slice that one of the look covers along an axis. */
  readonly binned: 1 | 2;
  draw(picture: Picture, z: number): Picture;
}

const grey = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** A Poisson number: counted below 60, as a normal number above, where the two can't be told apart. */
function poisson(mean: number, random: Random): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count += 1;
  return count;
}

type Change = (value: number, x: number, y: number) => number;

const mapped = ({ values, width, height }: Picture, change: Change): Picture => ({
  values: values.map((value, at) => change(value, at % width, Math.floor(at / width))),
  width,
  height,
});

const smoothed = (picture: Picture, sigma: number): Picture => ({
  ...picture,
  values: gaussian(picture.values, picture.width, picture.height, sigma),
});

/** Brightness falling by 60 % along the diagonal, after a gamma. */
const shaded = (picture: Picture, gamma: number): Picture =>
  mapped(picture, (value, x, y) => {
    const along = (x + y) / (picture.width + picture.height - 2);
    return 255 * (value / 255) ** gamma * (1 - 0.6 * along);
  });

const counted = (picture: Picture, counts: number, random: Random): Picture =>
  mapped(picture, (value) => grey((poisson((value / 255) * counts, random) / counts) * 255));

const halved = ({ width, height }: Picture): { width: number; height: number } => ({
  width: Math.floor(width / 2),
  height: Math.floor(height / 2),
});

/** Streaks of charge that decay along a row, on one row in twelve and its neighbour. */
function charged(picture: Picture, random: Random): Picture {
  const rows = Array.from({ length: picture.height }, () =>
    random.uniform() < 1 / 12
      ? { from: random.integer(picture.width), height: random.between(-70, 90) }
      : null,
  );
  return mapped(picture, (value, x, y) => {
    let sum = value + 6 * Math.sin(y / 3);
    for (const row of [rows[y], rows[y - 1]])
      if (row != null && x >= row.from) sum += row.height * Math.exp((row.from - x) / 160);
    return grey(sum);
  });
}

const plain = { type: 'uint8', voxelSize: 'kept', binned: 1 } as const;

/** Ten looks and the slice as it is; each slice of each look has noise of its own, the same in every run. */
export const looks: readonly Look[] = [
  { ...plain, name: 'native', draw: (picture) => picture },
  {
    ...plain,
    name: 'mild',
    draw: (picture, z) => {
      const half = resampled(shaded(picture, 0.5), halved(picture));
      return counted(resampled(half, picture), 20, new Random(1000 + z));
    },
  },
  {
    ...plain,
    name: 'hard',
    draw: (picture, z) => counted(smoothed(shaded(picture, 0.3), 1), 6, new Random(2000 + z)),
  },
  {
    ...plain,
    name: 'blur',
    draw: (picture, z) => {
      const random = new Random(3000 + z);
      return mapped(smoothed(picture, 2), (value) => grey(value + 20 * random.normal()));
    },
  },
  { ...plain, name: 'inverted', draw: (picture) => mapped(picture, (value) => 255 - value) },
  {
    ...plain,
    name: 'binned',
    voxelSize: 'dropped',
    binned: 2,
    draw: (picture) => mapped(resampled(picture, halved(picture)), grey),
  },
  {
    ...plain,
    name: 'charging',
    draw: (picture, z) => charged(picture, new Random(4000 + z)),
  },
  { ...plain, name: 'defocus', draw: (picture) => mapped(smoothed(picture, 2.5), grey) },
  {
    ...plain,
    name: 'drift',
    draw: (picture, z) => {
      const contrast = 0.6 + 0.35 * Math.sin(1.7 * z);
      const base = 60 + 55 * Math.cos(2.3 * z);
      return mapped(picture, (value) => grey(base + contrast * (value - 60)));
    },
  },
  { ...plain, name: 'jpeg', draw: (picture) => jpegTexture(picture, 30) },
  {
    ...plain,
    name: '12-bit',
    type: 'uint16',
    draw: (picture, z) => {
      const random = new Random(5000 + z);
      return mapped(picture, (value) => Math.round(1200 + 9 * value + 12 * random.normal()));
    },
  },
];
