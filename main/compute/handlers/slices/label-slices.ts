import type { StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { labelRegion, labelValueText } from '#main/stacks/label-values';
import type { StackSource } from '#main/stacks/stack-source';
import { readWholeSlice } from './slice-pixels';

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
  const { values, opaque } = labelRegion(
    await readWholeSlice(source, z, signal),
    source.info.meaning,
  );
  const target = new Uint8Array(values.length);
  const weight = new Uint8Array(values.length).fill(1);
  let membranePixels = 0;
  let voids = 0;
  let notNumbers = 0;
  for (let i = 0; i < target.length; i += 1) {
    const value = Number(values[i]);
    if (opaque?.[i] === 0 || value === meaning.void) {
      weight[i] = 0;
      voids += 1;
    } else if (value === meaning.membrane) {
      target[i] = 1;
      membranePixels += 1;
    } else if (!Number.isFinite(value)) notNumbers += 1;
  }
  return { target, weight: voids > 0 ? weight : null, membranePixels, notNumbers };
}

/** Values listed at most in a hint. */
const MOST_LISTED = 8;

/**
 * That a value is not in the labels, naming those that are, the commonest first.
 * @throws MembranaError stack.page-unreadable
 */
export async function valueAbsent(
  source: StackSource,
  z: number,
  value: number,
  what: string,
  signal: AbortSignal,
): Promise<MembranaError> {
  const { info } = source;
  const { values } = labelRegion(await readWholeSlice(source, z, signal), info.meaning);
  const counts = new Map<number, number>();
  for (const one of values) {
    const known = counts.get(Number(one));
    if (known !== undefined || counts.size < 2 ** 16) counts.set(Number(one), (known ?? 0) + 1);
  }
  const name = (one: number): string => labelValueText(one, info);
  const found = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_LISTED)
    .map(([one, count]) => `${name(one)} (${((100 * count) / values.length).toFixed(1)} %)`);
  const listed = `${found.join(', ')}${counts.size > MOST_LISTED ? ', …' : ''}`;
  const colours = info.meaning.kind === 'colour';
  return new MembranaError('labels.value-absent', `No pixel of ${what} has the value ${value}.`, {
    hint: `${colours ? 'They are a colour picture, whose values are its colours. ' : ''}Choose the value that means membrane (--membrane on the command line${colours ? ", a colour as '#ff0000'" : ''}). Slice ${sliceMark(z)} has ${listed}.`,
    data: { value, found: listed },
  });
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
