import { componentsOf, framedMask } from './components';

/** Smaller interiors are specks that no biologist calls a cell. */
const LEAST_CELL = 150;

/** Connected interiors of at least 150 pixels where the row-major probability is below the threshold. */
export function cellCount(
  probability: Float32Array,
  threshold: number,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  const { labels, count } = componentsOf(framedMask(probability, threshold, width, height));
  const sizes = new Uint32Array(count + 1);
  for (const label of labels) if (label > 0) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes.filter((size) => size >= LEAST_CELL).length;
}
