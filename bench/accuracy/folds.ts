/** Which slices learn, which choose checkpoint and thresholds, and which score. */
export interface Fold {
  readonly name: string;
  readonly train: readonly number[];
  readonly choose: readonly number[];
  readonly score: readonly number[];
}

const blockSize = 8;
const margin = 2;

/** All folds of a stack of `depth` slices. */
export const foldCount = (depth: number): number => Math.floor(depth / blockSize);

/**
 * Fold k holds back the block of slices 8k to 8k + 7 and learns from all
 * others. The middle four of the block score; the two on either side of them
 * choose, so that no scored slice lies next to one that was learnt from:
 * neighbours in a stack look alike.
 */
export function foldOf(index: number, depth: number): Fold {
  const block = Array.from({ length: blockSize }, (_, i) => index * blockSize + i);
  const score = block.slice(margin, blockSize - margin);
  return {
    name: `fold ${index + 1}`,
    train: Array.from({ length: depth }, (_, z) => z).filter((z) => !block.includes(z)),
    choose: block.filter((z) => !score.includes(z)),
    score,
  };
}
