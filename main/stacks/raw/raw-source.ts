import type { BadBlock, StackInfo } from '#contract/entities';
import { intersect, type Rect } from '#contract/tiles';
import { bytesOf, bytesPerSample, newPixels } from '#volume/pixel-array';
import { readRows } from '../blocks/read-rows';
import type { StoredPixels } from '../blocks/stored-pixels';
import { readReduced } from '../reduced-region';
import type { SourceContents } from '../source/source-contents';
import type { SourceReference } from '../source/source-identity';
import {
  assertSlice,
  type PageState,
  type Region,
  type StackSource,
  unreadableRegion,
  worstState,
} from '../stack-source';
import { swapInBands } from '../tiff/pixels/direct-rows';
import { widenHalf } from '../tiff/pixels/unpack-samples';
import type { RawBytes } from './raw-bytes';
import { type RawLayout, rawPixelBytes, rawRowBytes, rawSliceBytes } from './raw-layout';

/** A stack in one run of plain bytes. What the bytes end before is bad, never 0 by itself. */
export class RawSource implements StackSource {
  readonly levels = [0];
  readonly readUnit = { width: 1, height: 1 };

  constructor(
    readonly info: StackInfo,
    private readonly layout: RawLayout,
    private readonly bytes: RawBytes,
    private readonly path: string,
    private readonly contents: SourceContents,
  ) {}

  async readRegion(z: number, rect: Rect, level: number, signal: AbortSignal): Promise<Region> {
    assertSlice(this.info, z);
    if (level > 0) return readReduced(this, z, rect, level, signal);
    signal.throwIfAborted();
    const { width, height } = this.info;
    const inside = intersect(rect, { x: 0, y: 0, width, height });
    if (inside === null)
      return unreadableRegion(this.info, { x: 0, y: 0, width: 0, height: 0 }, 'missing', '');
    return this.bytes.whileUnchanged(() => this.readSteady(z, inside, signal));
  }

  private async readSteady(z: number, rect: Rect, signal: AbortSignal): Promise<Region> {
    const { type, samples } = this.info;
    const { width, height } = rect;
    const bad = await this.missing(z, rect, signal);
    const rows = bad[0]?.y ?? height;
    const pixelBytes = rawPixelBytes(this.layout);
    const stride = rawRowBytes(this.layout);
    const at = this.rowAt(z, rect.y);
    const lie = { at, rows, stride, left: rect.x * pixelBytes, wanted: width * pixelBytes };
    const half = type === 'float16';
    const data = newPixels(type, half ? 0 : width * height * samples);
    const stored = half ? new Uint8Array(width * height * pixelBytes) : bytesOf(data);
    await readRows(this.bytes, lie, stored, signal);
    if (this.layout.bigEndian) await swapInBands(stored, half ? 2 : bytesPerSample(type));
    return { type, samples, width, height, data: half ? widenHalf(stored) : data, bad };
  }

  private rowAt(z: number, y: number): number {
    return this.layout.start + z * rawSliceBytes(this.layout) + y * rawRowBytes(this.layout);
  }

  /** The rows of `rect` that the bytes end before, counted from its corner. */
  private async missing(z: number, rect: Rect, signal: AbortSignal): Promise<BadBlock[]> {
    const first = this.rowAt(z, rect.y);
    const { end, state, reason } = await this.bytes.reach(
      this.rowAt(z, rect.y + rect.height),
      signal,
    );
    const whole = Math.floor((end - first) / rawRowBytes(this.layout));
    const rows = Math.min(rect.height, Math.max(0, whole));
    if (rows === rect.height) return [];
    const { width } = rect;
    return [{ x: 0, y: rows, width, height: rect.height - rows, state, reason }];
  }

  async withStored<T>(
    z: number,
    rect: Rect,
    signal: AbortSignal,
    use: (stored: StoredPixels) => Promise<T>,
  ): Promise<T | null> {
    assertSlice(this.info, z);
    signal.throwIfAborted();
    const { type, samples } = this.info;
    if (samples !== 1 || type === 'float16') return null;
    return this.bytes.whileUnchanged(async () => {
      if ((await this.missing(z, rect, signal)).length > 0) return null;
      const { width, height } = rect;
      const layout = {
        kind: 'rows',
        stride: rawRowBytes(this.layout),
        left: rect.x * rawPixelBytes(this.layout),
        bigEndian: this.layout.bigEndian,
        runs: [{ at: this.rowAt(z, rect.y), row: 0, rows: height }],
      } as const;
      return this.bytes.lend((file) => use({ file, type, width, height, layout }));
    });
  }

  async pageState(z: number, decode: boolean, signal: AbortSignal): Promise<PageState> {
    assertSlice(this.info, z);
    // What is still being unpacked is not known, and not waited for without need.
    if (!decode && this.bytes.comeLater) return { state: 'ok', bad: [] };
    const { width, height } = this.info;
    const bad = await this.missing(z, { x: 0, y: 0, width, height }, signal);
    return { state: worstState(bad), bad };
  }

  async reference(): Promise<SourceReference> {
    return { path: this.path, identity: await this.contents.identity() };
  }

  async close(): Promise<void> {
    await this.bytes.close();
    await this.contents.close();
  }
}
