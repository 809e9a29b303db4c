import type { PixelSize } from '#contract/entities';
import { readLabelSlice } from '#main/compute/handlers/slices/label-slices';
import { openStacks, readSliceOf } from '#main/compute/handlers/slices/slice-pixels';
import { pixelSizeOf } from '#main/models/pixel-size';
import { sourceReference } from '#main/stacks/open-stack';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import { resampled } from '#model/inference/resample';
import type { Look } from './looks';

/** A stack as another microscope shows it, on the disk, and the truth of its slices. */
export interface DrawnStack {
  readonly path: string;
  readonly pixelSize: PixelSize | null;
  /** 1 on membrane, slice by slice. */
  readonly truth: readonly Uint8Array<ArrayBuffer>[];
  readonly width: number;
  readonly height: number;
}

export interface Drawing {
  readonly image: string;
  readonly labels: string;
  readonly membrane: number;
  /** Of the image; they become the slices of the drawn stack. */
  readonly slices: readonly number[];
  readonly path: string;
}

export async function drawStack(
  look: Look,
  { image, labels, membrane, slices, path }: Drawing,
): Promise<DrawnStack> {
  const { signal } = new AbortController();
  const raw = await sourceReference(image);
  const { info } = await openStacks.get(raw, signal);
  const truths = await openStacks.get(await sourceReference(labels), signal);
  const { voxelSize } = info;
  const width = Math.floor(info.width / look.binned);
  const height = Math.floor(info.height / look.binned);
  const kept =
    look.voxelSize === 'kept'
      ? voxelSize
      : { x: null, y: null, z: null, source: 'unknown' as const };
  const writer = await createTiffWriter(path, {
    ...{ width, height, type: look.type, voxelSize: kept },
  });
  const truth: Uint8Array<ArrayBuffer>[] = [];
  try {
    for (const z of slices) {
      const slice = await readSliceOf(raw, z, signal);
      const drawn = look.draw(slice, z).values;
      await writer.append(
        look.type === 'uint8' ? Uint8Array.from(drawn) : Uint16Array.from(drawn),
        signal,
      );
      const { target } = await readLabelSlice(truths, z, { membrane, void: null }, signal);
      const share = resampled(
        { values: Float32Array.from(target), width: slice.width, height: slice.height },
        { width, height },
      );
      truth.push(Uint8Array.from(share.values, (part) => (part >= 0.5 ? 1 : 0)));
    }
    await writer.finish();
  } finally {
    await writer.abort();
  }
  return { path, pixelSize: pixelSizeOf(kept), truth, width, height };
}
