import type { SampleMeaning, StackInfo, StackWarning, VoxelSize } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { limits } from '../tiff/container/limits';
import { type RawLayout, rawEnd, rawSliceBytes } from './raw-layout';

/** Which file is spoken of, and how it names itself: "an MRC file". */
export interface RawFacts {
  readonly name: string;
  readonly layout: RawLayout;
  readonly voxelSize: VoxelSize;
  readonly meaning: SampleMeaning;
  readonly compression: string;
  readonly fileBytes: number;
  readonly warnings: readonly StackWarning[];
}

/** A description that can't be true. */
export function corruptRaw(name: string, what: string): MembranaError {
  return new MembranaError('stack.corrupt', `${name}: ${what}.`, {
    hint: 'Copy or export the file again; its description is damaged.',
    data: { file: name },
  });
}

export function unsupportedRaw(name: string, what: string, hint: string): MembranaError {
  return new MembranaError(
    'stack.unsupported',
    `${name} holds ${what}, which Membrana can't read.`,
    {
      hint,
      data: { file: name },
    },
  );
}

/**
 * Refuses sizes that nothing can have.
 * @throws MembranaError stack.corrupt, stack.too-large
 */
export function assertRawSizes(name: string, layout: RawLayout): void {
  const { width, height, depth, samples } = layout;
  const told = `${depth} slices of ${width} × ${height} pixels`;
  if (![width, height, depth, samples].every((size) => Number.isInteger(size) && size >= 1))
    throw corruptRaw(name, `it says that it has ${told}`);
  const whole = width * height <= limits.pagePixels && depth <= limits.directories;
  if (!whole || samples > limits.samplesPerPixel || !Number.isSafeInteger(rawEnd(layout)))
    throw new MembranaError('stack.too-large', `${name} says that it has ${told}.`, {
      hint: 'No stack is that large: the file is damaged, or is not what its name says.',
      data: { file: name },
    });
}

/**
 * What a file of plain bytes of which `held` lie before its end is; what is missing of it is told in a warning.
 * @throws MembranaError stack.corrupt where hardly anything is there
 */
export function rawInfo(facts: RawFacts, held: number): StackInfo {
  const { name, layout, voxelSize, meaning, compression, fileBytes } = facts;
  const { width, height, depth, type, samples, bigEndian, start } = layout;
  const slice = rawSliceBytes(layout);
  const whole = Math.max(0, Math.floor((held - start) / slice));
  const warnings = [...facts.warnings];
  if (held - start < depth * slice * limits.presentFraction || held <= start)
    throw corruptRaw(
      name,
      `it says that it has ${depth} slices of ${width} × ${height} pixels, and ends before them`,
    );
  if (whole < depth)
    warnings.push({
      code: 'truncated',
      message: `The file ends early: ${whole} of its ${depth} slices are whole. What is missing is hatched.`,
    });
  return {
    width,
    height,
    depth,
    type,
    samples,
    meaning,
    voxelSize,
    axes: `${depth > 1 ? 'Z' : ''}YX${samples > 1 ? 'S' : ''}`,
    compression,
    byteOrder: bigEndian ? 'big' : 'little',
    fileBytes,
    warnings,
  };
}
