import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { chosenChannel } from '#main/stacks/chosen-channel';
import { greyRegion } from '#main/stacks/grey-region';
import { openStack } from '#main/stacks/open-stack';
import type { PixelArray } from '#volume/pixel-array';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { Region, StackSource } from '#main/stacks/stack-source';

/** Larger slices need arrays near the 2 GiB at which a utility process is ended. */
const MOST_PIXELS = 400_000_000;

export interface GreySlice {
  /** Row-major, one value a pixel (`greyRegion`). */
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a whole slice, all of its samples.
 * @throws MembranaError stack.page-unreadable with the reason when a part can't be read, engine.out-of-memory
 */
export async function readWholeSlice(
  source: StackSource,
  z: number,
  signal: AbortSignal,
): Promise<Region> {
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
  return region;
}

/**
 * Reads a whole slice as one value a pixel, as the window shows it.
 * @throws MembranaError stack.page-unreadable with the reason when a part can't be read, engine.out-of-memory
 */
export async function readGreySlice(
  source: StackSource,
  z: number,
  signal: AbortSignal,
): Promise<GreySlice> {
  const region = await readWholeSlice(source, z, signal);
  const { data, width, height } = greyRegion(region, source.info.meaning);
  return { values: data instanceof Float32Array ? data : singles(data), width, height };
}

function singles(data: PixelArray): Float32Array<ArrayBuffer> {
  const values = new Float32Array(data.length);
  for (let at = 0; at < values.length; at += 1) values[at] = Number(data[at] ?? 0);
  return values;
}

/** A training reads an image, its membranes and a stack for each further class in turns. */
const STACKS_KEPT = 8;

/** Open stacks of this process, so that slice after slice does not parse the file anew. */
export class OpenStacks {
  readonly #open = new Map<string, StackSource>();

  /**
   * The stack that the request means, seen through one of its channels where `channel` is one.
   * @throws MembranaError file.changed when another file is at its path now, usage for a channel that isn't there
   */
  async get(
    { path, identity }: SourceReference,
    signal: AbortSignal,
    channel: number | null = null,
  ): Promise<StackSource> {
    const key = `${path}\n${identity.content}`;
    const known = this.#open.get(key);
    if (known) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return channel === null ? known : chosenChannel(known, channel);
    }
    const source = await openStack(path, { signal, expected: identity });
    this.#open.set(key, source);
    for (const old of [...this.#open.keys()].slice(0, -STACKS_KEPT)) await this.#close(old);
    return channel === null ? source : chosenChannel(source, channel);
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
