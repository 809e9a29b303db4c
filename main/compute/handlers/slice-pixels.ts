import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import type { PixelArray } from '#main/stacks/pixel-array';
import { openStack } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { StackSource } from '#main/stacks/stack-source';

/** Larger slices need arrays near the 2 GiB at which a utility process is ended. */
const MOST_PIXELS = 400_000_000;

export interface GreySlice {
  /** Row-major; the mean of the samples where a pixel has several. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** One value a pixel: samples averaged. */
function toGrey(data: PixelArray, samples: number): Float32Array<ArrayBuffer> {
  const grey = new Float32Array(data.length / samples);
  for (let i = 0; i < grey.length; i += 1) {
    let sum = 0;
    for (let s = 0; s < samples; s += 1) sum += Number(data[i * samples + s] ?? 0);
    grey[i] = sum / samples;
  }
  return grey;
}

/**
 * Reads a whole slice for the network.
 * @throws MembranaError stack.page-unreadable with the reason when a part can't be read, engine.out-of-memory
 */
export async function readGreySlice(
  source: StackSource,
  z: number,
  signal: AbortSignal,
): Promise<GreySlice> {
  const { width, height } = source.info;
  if (width * height > MOST_PIXELS) {
    throw new MembranaError(
      'engine.out-of-memory',
      `A slice of ${width} × ${height} pixels is too large to segment in one piece.`,
      {
        hint: `Cut the stack to at most ${Math.floor(Math.sqrt(MOST_PIXELS))} pixels a side, or halve its resolution.`,
        data: { width, height },
      },
    );
  }
  const region = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
  const [bad] = region.bad;
  if (bad !== undefined) {
    throw new MembranaError(
      'stack.page-unreadable',
      `Slice ${sliceMark(z)} can't be read completely: ${bad.reason}.`,
      {
        hint: 'The other slices can be used; copy or export the stack again to get this one.',
        data: { slice: z, state: bad.state },
      },
    );
  }
  return { values: toGrey(region.data, region.samples), width, height };
}

const STACKS_KEPT = 2;

/** Open stacks of this process, so that slice after slice does not parse the file anew. */
export class OpenStacks {
  readonly #open = new Map<string, StackSource>();

  /**
   * The stack that the request means.
   * @throws MembranaError file.changed when another file is at its path now
   */
  async get({ path, identity }: SourceReference, signal: AbortSignal): Promise<StackSource> {
    const key = `${path}\n${identity.content}`;
    const known = this.#open.get(key);
    if (known) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return known;
    }
    const source = await openStack(path, { signal, expected: identity });
    this.#open.set(key, source);
    for (const old of [...this.#open.keys()].slice(0, -STACKS_KEPT)) await this.#close(old);
    return source;
  }

  /** Closes every stack that was opened from `path`. */
  async forget(path: string): Promise<void> {
    for (const key of [...this.#open.keys()])
      if (key.startsWith(`${path}\n`)) await this.#close(key);
  }

  async #close(key: string): Promise<void> {
    const source = this.#open.get(key);
    this.#open.delete(key);
    await source?.close();
  }
}

/** The one set of open stacks of a compute process. */
export const openStacks = new OpenStacks();

/** Reads a slice of the stack that a request means. @throws as `OpenStacks.get` and `readGreySlice` */
export async function readSliceOf(
  stack: SourceReference,
  z: number,
  signal: AbortSignal,
): Promise<GreySlice> {
  return readGreySlice(await openStacks.get(stack, signal), z, signal);
}
