import type { Rect } from '#contract/tiles';
import { cutRegion } from '#main/stacks/cut-region';
import { greyRegion, type GreyRegion } from '#main/stacks/grey-region';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { StackSource } from '#main/stacks/stack-source';
import { findTissue, type Tissue } from '#main/stacks/tissue/tissue';
import { fillUnknown } from '#model/inference/fill-unknown';
import { openStacks, readWholeSlice } from './slice-pixels';

/** A slice in grey, and where it shows tissue. */
export interface TissueSlice {
  readonly grey: GreyRegion;
  readonly tissue: Tissue;
}

/** Grey values for the network; what is not tissue is filled from its surround. */
export interface InputSlice {
  readonly values: Float32Array<ArrayBuffer>;
  /** 1 where the value is the slice's own; null = everywhere. */
  readonly known: Uint8Array<ArrayBuffer> | null;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a whole slice and tells tissue from what is none.
 * @throws MembranaError stack.page-unreadable, engine.out-of-memory
 */
export async function readTissueSlice(
  source: StackSource,
  z: number,
  signal: AbortSignal,
): Promise<TissueSlice> {
  const grey = greyRegion(await readWholeSlice(source, z, signal), source.info.meaning);
  return { grey, tissue: findTissue(grey) };
}

/** The same of the stack that a request means. @throws as `OpenStacks.get` and `readTissueSlice` */
export async function tissueSliceOf(
  stack: SourceReference,
  z: number,
  signal: AbortSignal,
  channel: number | null = null,
): Promise<TissueSlice> {
  return readTissueSlice(await openStacks.get(stack, signal, channel), z, signal);
}

/** What the network gets of a slice, or of a part of it. */
export function inputSlice({ grey, tissue }: TissueSlice, part?: Rect): InputSlice {
  const whole = { x: 0, y: 0, width: grey.width, height: grey.height };
  const rect = part ?? whole;
  const same = rect.width === whole.width && rect.height === whole.height;
  const { data } = same ? grey : cutRegion(grey, rect);
  const known = knownPixels(tissue, rect);
  const values = new Float32Array(data.length);
  const { low, high } = tissue.fence;
  // Single precision can't tell large wide integers apart: they are counted from one of them.
  const wide = !(data instanceof Float32Array) && data.BYTES_PER_ELEMENT >= 4;
  const origin = wide ? originOf(data, known) : 0;
  for (let at = 0; at < values.length; at += 1)
    values[at] = Math.min(high, Math.max(low, Number(data[at] ?? 0))) - origin;
  const { width, height } = rect;
  return { values: fillUnknown(values, known, width, height), known, width, height };
}

function originOf(data: ArrayLike<number | bigint>, known: Uint8Array | null): number {
  for (let at = 0; at < data.length; at += 1) {
    const value = Number(data[at]);
    if (known?.[at] !== 0 && Number.isFinite(value)) return value;
  }
  return 0;
}

/** Marks of a part of a slice as 1 where the slice's own value counts. */
function knownPixels({ marks, width }: Tissue, rect: Rect): Uint8Array<ArrayBuffer> | null {
  if (marks === null) return null;
  const known = new Uint8Array(rect.width * rect.height);
  let all = true;
  for (let y = 0, at = 0; y < rect.height; y += 1) {
    const row = (rect.y + y) * width + rect.x;
    for (let x = 0; x < rect.width; x += 1, at += 1) {
      known[at] = marks[row + x] === 1 ? 1 : 0;
      if (known[at] === 0) all = false;
    }
  }
  return all ? null : known;
}
