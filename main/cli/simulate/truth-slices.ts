import { MembranaError } from '#contract/errors';
import { labelRegion } from '#main/stacks/label-values';
import { openStack } from '#main/stacks/open-stack';
import type { Grid } from './regions';

/**
 * Slices of a label stack as 1 = membrane.
 * @throws MembranaError stack.shape-mismatch, stack.page-unreadable
 */
export async function truthSlices(
  path: string,
  slices: readonly number[],
  membrane: number,
  stack: Grid & { readonly depth: number },
  signal: AbortSignal,
): Promise<Map<number, Uint8Array<ArrayBuffer>>> {
  const source = await openStack(path, { signal });
  try {
    const { width, height, depth, meaning } = source.info;
    if (width !== stack.width || height !== stack.height || depth !== stack.depth)
      throw new MembranaError(
        'stack.shape-mismatch',
        `The truth is ${String(width)} × ${String(height)} × ${String(depth)}, the stack ${String(stack.width)} × ${String(stack.height)} × ${String(stack.depth)}.`,
        { hint: 'Give the labels that were drawn on this very stack.' },
      );
    const truth = new Map<number, Uint8Array<ArrayBuffer>>();
    for (const z of slices) {
      const region = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
      const { values } = labelRegion(region, meaning);
      truth.set(
        z,
        Uint8Array.from({ length: width * height }, (_, at) =>
          Number(values[at]) === membrane ? 1 : 0,
        ),
      );
    }
    return truth;
  } finally {
    await source.close();
  }
}
