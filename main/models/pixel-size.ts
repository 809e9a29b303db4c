import type { PixelSize, VoxelSize } from '#contract/entities';

/** Edge lengths within a slice, where both are known: by the file or by the user. */
export function pixelSizeOf({ x, y }: Pick<VoxelSize, 'x' | 'y'>): PixelSize | null {
  return x === null || y === null ? null : { x, y, unit: 'nm' };
}

/** "4 nm", or "4 × 5 nm" where the pixels are not square. */
export function formatPixelSize({ x, y }: PixelSize): string {
  const text = (length: number): string => String(Number(length.toPrecision(3)));
  return text(x) === text(y) ? `${text(x)} nm` : `${text(x)} × ${text(y)} nm`;
}
