import type { StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { StackSource } from '#main/stacks/stack-source';
import { readGreySlice } from './slice-pixels';

export interface LabelMeaning {
  readonly membrane: number;
  readonly void: number | null;
}

export interface LabelSlice {
  /** 1 = membrane. */
  readonly target: Uint8Array<ArrayBuffer>;
  /** 0 where the value is `void`; null when no pixel is. */
  readonly weight: Uint8Array<ArrayBuffer> | null;
  readonly membranePixels: number;
  /** Pixels whose label is no number (NaN or infinite), taken for interior here. */
  readonly notNumbers: number;
}

/** Reads a label slice: `membrane` is membrane, `void` is left out, everything else is interior. */
export async function readLabelSlice(
  source: StackSource,
  z: number,
  meaning: LabelMeaning,
  signal: AbortSignal,
): Promise<LabelSlice> {
  const { values } = await readGreySlice(source, z, signal);
  const target = new Uint8Array(values.length);
  const weight = new Uint8Array(values.length).fill(1);
  let membranePixels = 0;
  let voids = 0;
  let notNumbers = 0;
  values.forEach((value, i) => {
    if (value === meaning.membrane) {
      target[i] = 1;
      membranePixels += 1;
    } else if (value === meaning.void) {
      weight[i] = 0;
      voids += 1;
    } else if (!Number.isFinite(value)) {
      notNumbers += 1;
    }
  });
  return { target, weight: voids > 0 ? weight : null, membranePixels, notNumbers };
}

/** @throws MembranaError stack.shape-mismatch, naming both sizes */
export function requireSameShape(a: StackInfo, b: StackInfo, aName: string, bName: string): void {
  if (a.width === b.width && a.height === b.height && a.depth === b.depth) return;
  const size = (info: StackInfo): string => `${info.width} × ${info.height} × ${info.depth}`;
  throw new MembranaError(
    'stack.shape-mismatch',
    `${aName} is ${size(a)} pixels and ${bName} is ${size(b)}.`,
    {
      hint: 'Both must show the same slices at the same size: choose the matching file.',
      data: { a: size(a), b: size(b) },
    },
  );
}
