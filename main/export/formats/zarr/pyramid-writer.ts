import { halveRegion } from '../../../stacks/halve-region';
import type { PixelArray } from '#volume/pixel-array';
import type { FolderTarget } from '../folder-target';
import { arrayLayout, type StoredType, type ZarrVersion } from './array-layout';
import { ArrayWriter } from './array-writer';
import { halveLabels } from './halve-labels';

/** An image is small enough to be looked at whole from here on. */
const SMALLEST_SIDE = 512;

interface Level {
  readonly width: number;
  readonly height: number;
  readonly array: ArrayWriter;
}

/** Writes an image at all its resolutions, each half the size of the one before in rows and columns, slice by slice. */
export class PyramidWriter {
  private readonly levels: Level[] = [];

  /** `path`: folder of the image, relative; '' = the target itself. */
  constructor(
    folder: FolderTarget,
    path: string,
    shape: { readonly depth: number; readonly height: number; readonly width: number },
    private readonly type: StoredType,
    private readonly values: 'labels' | 'image',
    version: ZarrVersion,
  ) {
    let { width, height } = shape;
    for (;;) {
      const name = String(this.levels.length);
      const layout = arrayLayout([shape.depth, height, width], type);
      const array = new ArrayWriter(
        folder,
        path === '' ? name : `${path}/${name}`,
        layout,
        version,
      );
      this.levels.push({ width, height, array });
      if (Math.max(width, height) <= SMALLEST_SIDE) return;
      width = Math.ceil(width / 2);
      height = Math.ceil(height / 2);
    }
  }

  /** How many resolutions there are. */
  get count(): number {
    return this.levels.length;
  }

  async append(pixels: PixelArray): Promise<void> {
    let data = pixels;
    for (const [index, { width, height, array }] of this.levels.entries()) {
      await array.append(data);
      if (index + 1 < this.levels.length) data = this.halved(data, width, height);
    }
  }

  async finish(): Promise<void> {
    for (const { array } of this.levels) await array.finish();
  }

  private halved(data: PixelArray, width: number, height: number): PixelArray {
    const small = data instanceof Uint8Array || data instanceof Uint16Array;
    if (this.values === 'labels' && small) return halveLabels(data, width, height);
    return halveRegion({ type: this.type, width, height, samples: 1, data, bad: [] }).data;
  }
}
