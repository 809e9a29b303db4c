import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LabelledStacks } from '#main/compute/requests';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { isbiStack } from '../accuracy/places';
import { looks } from '../conditioning/looks';
import { depth, replaySlices, type CorrectionSetting, type Tissue } from './settings';

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

interface Files {
  readonly image: string;
  readonly labels: string;
  /** Value of membrane in the labels. */
  readonly membrane: number;
}

function filesOf(tissue: Tissue, data: string): Files {
  if (tissue === 'isbi') return isbiStack();
  const [image, labels] = ['stack1-raw.tif', 'stack1-membranes.tif'];
  return {
    image: join(data, 'vnc', image),
    labels: join(data, 'vnc', labels),
    membrane: 255,
  };
}

/** 1 = membrane, slice by slice. */
export async function truthOf(tissue: Tissue, data: string): Promise<Slices> {
  const { labels, membrane } = filesOf(tissue, data);
  const read = await readSlices(labels);
  return {
    ...read,
    slices: read.slices.map((slice) => slice.map((value) => (value === membrane ? 1 : 0))),
  };
}

/** 1 = of the class that only VNC has labels of. */
export async function ownTruthOf(
  { ownClass }: CorrectionSetting,
  data: string,
): Promise<Slices | null> {
  if (ownClass === undefined) return null;
  const read = await readSlices(join(data, 'vnc', `stack1-${ownClass.name}.tif`));
  return { ...read, slices: read.slices.map((slice) => slice.map((v) => (v === 255 ? 1 : 0))) };
}

/** The setting's look of its stack as a file, drawn once. */
export async function stackOf(
  { name: setting, tissue, look: name }: CorrectionSetting,
  data: string,
  folder: string,
): Promise<SourceReference> {
  const path = join(folder, `${setting}.tif`);
  if (existsSync(path)) return sourceReference(path);
  const look = looks.find((one) => one.name === name);
  if (look === undefined) throw new Error(`There is no look "${name}".`);
  const { width, height, slices } = await readSlices(filesOf(tissue, data).image);
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

/** Labelled pictures of the other tissue. */
export async function replayFor(tissue: Tissue, data: string): Promise<LabelledStacks> {
  const other = tissue === 'vnc' ? 'isbi' : 'vnc';
  const { image, labels, membrane } = filesOf(other, data);
  const { train, validate } = replaySlices[other];
  return {
    image: await sourceReference(image),
    labels: await sourceReference(labels),
    membrane,
    void: null,
    train: [...train],
    validate: [...validate],
  };
}
