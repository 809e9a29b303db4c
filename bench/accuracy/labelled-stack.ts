import { openStack } from '#main/stacks/open-stack';
import type { StackSource } from '#main/stacks/stack-source';
import { isbiStack } from './places';

/** An 8-bit stack with its truth, in memory, for those who don't read TIFF. */
export interface LabelledStack {
  readonly image: string;
  readonly labels: string;
  readonly membrane: number;
  readonly width: number;
  readonly height: number;
  readonly grey: readonly Uint8Array<ArrayBuffer>[];
  /** 1 on membrane. */
  readonly truth: readonly Uint8Array<ArrayBuffer>[];
}

async function slicesOf(source: StackSource): Promise<Uint8Array<ArrayBuffer>[]> {
  const { width, height, depth, type, samples } = source.info;
  if (type !== 'uint8' || samples !== 1) throw new Error('the stack is not of 8-bit grey values');
  const slices: Uint8Array<ArrayBuffer>[] = [];
  for (let z = 0; z < depth; z += 1) {
    const whole = { x: 0, y: 0, width, height };
    const { data, bad } = await source.readRegion(z, whole, 0, new AbortController().signal);
    if (bad.length > 0) throw new Error(`slice ${z} can't be read`);
    slices.push(Uint8Array.from(data, Number));
  }
  return slices;
}

export async function readLabelledStack(): Promise<LabelledStack> {
  const { image, labels, membrane } = isbiStack();
  const { signal } = new AbortController();
  const source = await openStack(image, { signal });
  const truths = await openStack(labels, { signal });
  try {
    const { width, height } = source.info;
    const grey = await slicesOf(source);
    const truth = (await slicesOf(truths)).map((slice) =>
      slice.map((value) => (value === membrane ? 1 : 0)),
    );
    if (grey.length !== truth.length || grey[0]?.length !== truth[0]?.length)
      throw new Error('image and labels are not of the same size');
    return { image, labels, membrane, width, height, grey, truth };
  } finally {
    await source.close();
    await truths.close();
  }
}
