import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LabelledStacks } from '#main/compute/requests';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { isbiStack } from '../accuracy/places';
import { looks } from '../conditioning/looks';
import { depth, replaySlices, type CorrectionSetting } from './settings';

export interface Slices {
  readonly width: number;
  readonly height: number;
  readonly slices: readonly Uint8Array<ArrayBuffer>[];
}

/** All slices of a stack of 8-bit grey values. */
export async function readSlices(path: string): Promise<Slices> {
  const { signal } = new AbortController();
  const source = await openStack(path, { signal });
  try {
    const { width, height } = source.info;
    const slices: Uint8Array<ArrayBuffer>[] = [];
    for (let z = 0; z < depth; z += 1) {
      const region = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
      slices.push(Uint8Array.from(region.data, Number));
    }
    return { width, height, slices };
  } finally {
    await source.close();
  }
}

/** 1 = membrane, slice by slice. */
export async function truthOf(data: string): Promise<Slices> {
  const read = await readSlices(join(data, 'vnc', 'stack1-membranes.tif'));
  return {
    ...read,
    slices: read.slices.map((slice) => slice.map((value) => (value === 255 ? 1 : 0))),
  };
}

/** The setting's look of VNC stack 1 as a file, drawn once. */
export async function stackOf(
  { look: name }: CorrectionSetting,
  data: string,
  folder: string,
): Promise<SourceReference> {
  const path = join(folder, `${name}.tif`);
  if (existsSync(path)) return sourceReference(path);
  const look = looks.find((one) => one.name === name);
  if (look === undefined) throw new Error(`There is no look "${name}".`);
  const { width, height, slices } = await readSlices(join(data, 'vnc', 'stack1-raw.tif'));
  await mkdir(dirname(path), { recursive: true });
  // Not said, so that nothing resamples.
  const voxelSize = { x: null, y: null, z: null, source: 'unknown' as const };
  const part = `${path}.part`;
  const writer = await createTiffWriter(part, { width, height, type: 'uint8', voxelSize });
  const { signal } = new AbortController();
  for (const [z, slice] of slices.entries()) {
    const { values } = look.draw({ values: Float32Array.from(slice), width, height }, z);
    await writer.append(Uint8Array.from(values), signal);
  }
  await writer.finish();
  await rename(part, path);
  return sourceReference(path);
}

/** Labelled pictures of another tissue. */
export async function isbiReplay(): Promise<LabelledStacks> {
  const { image, labels, membrane } = isbiStack();
  return {
    image: await sourceReference(image),
    labels: await sourceReference(labels),
    membrane,
    void: null,
    train: [...replaySlices.train],
    validate: [...replaySlices.validate],
  };
}
