import { readFile } from 'node:fs/promises';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import type { LabelledStack } from './labelled-stack';

export type Maps = readonly Float32Array<ArrayBuffer>[];

/** Slices of little-endian float32 values without a header, one after the other: what the peers write. */
export async function readRawMaps(path: string, stack: LabelledStack): Promise<Maps> {
  const bytes = await readFile(path);
  const area = stack.width * stack.height;
  if (bytes.length === 0 || bytes.length % (4 * area) !== 0)
    throw new Error(`${path} holds no whole slices`);
  return Array.from({ length: bytes.length / (4 * area) }, (_, slice) =>
    Float32Array.from({ length: area }, (_, i) => bytes.readFloatLE(4 * (slice * area + i))),
  );
}

/** Writes maps as what `evaluate` reads. */
export async function writeMapsTiff(path: string, maps: Maps, stack: LabelledStack): Promise<void> {
  const { width, height } = stack;
  const writer = await createTiffWriter(path, { width, height, type: 'float32' });
  try {
    for (const map of maps) await writer.append(map);
    await writer.finish();
  } finally {
    await writer.abort();
  }
}

/** Maps beside the truth of the slices that they belong to, in order. */
export function besideTruth(
  maps: Maps,
  slices: readonly number[],
  stack: LabelledStack,
): ScoredSlice[] {
  return slices.map((z, i) => {
    const probability = maps[i];
    const truth = stack.truth[z];
    if (probability === undefined || truth === undefined) throw new Error(`no map of slice ${z}`);
    return { probability, truth, width: stack.width, height: stack.height };
  });
}
