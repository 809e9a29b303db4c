import { basename, join } from 'node:path';
import { isAbort, MembranaError } from '#contract/errors';
import { SourceFile } from '../source-file';
import type { StackSource } from '../stack-source';
import { tiffReadUnit } from '../tiff/pixels/direct-rows';
import { readStructure } from '../tiff/container/tiff-structure';
import { readJpegHead } from './jpeg-slice';
import { readPngLayout } from './png-head';
import { headText, kindOfSlice, sameKind, type SliceHead } from './slice-head';

/** What the slices of a folder have in common, as plain data: a worker reads it. */
export interface SliceStructure {
  readonly head: SliceHead;
  /** As of `StackSource`: of the slice that the head is of. */
  readonly readUnit: StackSource['readUnit'];
  /** Slices whose file says nothing of its picture, and why. */
  readonly bad: readonly { readonly z: number; readonly reason: string }[];
}

/** A palette and what programs write before the pixels of a picture fit in. */
const HEAD_BYTES = 2 ** 20;
/** Files that are opened at once. */
const LANES = 8;
/** Slices that are named where they differ. */
const MOST_NAMED = 4;

interface FoundHead {
  readonly head: SliceHead;
  readonly readUnit: StackSource['readUnit'];
}

async function headOf(path: string, signal: AbortSignal): Promise<FoundHead> {
  const file = await SourceFile.open(path);
  try {
    switch (kindOfSlice(file.name)) {
      case 'png':
        return asWhole(readPngLayout(file.name, await file.read(0, HEAD_BYTES)).head);
      case 'jpeg':
        return asWhole(readJpegHead(file.name, await file.read(0, HEAD_BYTES)));
      case 'tiff': {
        const { info, layout } = await readStructure(file, signal);
        return { head: info, readUnit: tiffReadUnit(layout) };
      }
    }
  } finally {
    await file.close();
  }
}

/** A picture is decoded whole. */
function asWhole(head: SliceHead): FoundHead {
  return { head, readUnit: { width: head.width, height: head.height } };
}

/**
 * Looks at the head of every slice of a folder; `names` are in the order of the slices.
 * @throws MembranaError stack.slices-differ naming some that differ; what is wrong with the first slice where all are bad; AbortError
 */
export async function readSlices(
  folder: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<SliceStructure> {
  const found: (FoundHead | MembranaError)[] = [];
  const numbered = names.entries();
  const lane = async (): Promise<void> => {
    for (const [z, name] of numbered) {
      signal.throwIfAborted();
      found[z] = await headOf(join(folder, name), signal).catch((error: unknown) => {
        if (error instanceof MembranaError && !isAbort(error)) return error;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const bad = found.flatMap((one, z) =>
    one instanceof MembranaError ? [{ z, reason: one.message }] : [],
  );
  const heads = found.flatMap((one, z) => (one instanceof MembranaError ? [] : [{ z, ...one }]));
  const [first] = heads;
  if (first === undefined)
    throw found.find((one) => one instanceof MembranaError) ?? noSlices(folder);
  const several = heads.find(({ head }) => head.depth > 1);
  if (several !== undefined) throw holdsStack(names[several.z] ?? '', several.head.depth);
  assertAlike(folder, names, heads);
  const { head, readUnit } = first;
  return { head, readUnit, bad };
}

function noSlices(folder: string): MembranaError {
  const name = basename(folder);
  return new MembranaError('stack.no-image', `${name} holds no slices.`, {
    hint: 'Choose a folder of TIFF, PNG or JPEG slices.',
    data: { file: name },
  });
}

function holdsStack(name: string, depth: number): MembranaError {
  return new MembranaError('stack.several', `${name} is a stack of ${depth} slices by itself.`, {
    hint: 'Open the file instead of its folder; a folder opens where each of its files is one slice.',
    data: { file: name, slices: depth },
  });
}

function assertAlike(
  folder: string,
  names: readonly string[],
  heads: readonly { readonly z: number; readonly head: SliceHead }[],
): void {
  const groups: { readonly head: SliceHead; readonly slices: number[] }[] = [];
  for (const { z, head } of heads) {
    const known = groups.find((group) => sameKind(group.head, head));
    if (known === undefined) groups.push({ head, slices: [z] });
    else known.slices.push(z);
  }
  const [common, ...others] = groups.sort((a, b) => b.slices.length - a.slices.length);
  if (common === undefined || others.length === 0) return;
  const odd = others.flatMap(({ head, slices }) => slices.map((z) => ({ head, z })));
  const told = odd
    .slice(0, MOST_NAMED)
    .map(({ head, z }) => `${names[z] ?? ''} (${headText(head)})`)
    .join(', ');
  const more = odd.length > MOST_NAMED ? ` and ${odd.length - MOST_NAMED} more` : '';
  throw new MembranaError(
    'stack.slices-differ',
    `The slices of ${basename(folder)} are not alike: ${common.slices.length} of them are ${headText(common.head)}, but not ${told}${more}.`,
    {
      hint: 'Take the slices that differ out of the folder, or save all of them in one size and type.',
      data: { file: basename(folder), odd: odd.length },
    },
  );
}
