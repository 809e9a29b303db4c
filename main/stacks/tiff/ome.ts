import { setImmediate } from 'node:timers/promises';
import type { StackWarning, VoxelSize } from '#contract/entities';
import { isAbort } from '#contract/errors';
import { edgeLength, unitInNanometres } from './length-unit';
import type { PlaneAxis } from './stack-axes';
import { type XmlTag, xmlTags } from './xml-tags';

/** What OME-XML says of its first image. */
export interface OmeDescription {
  readonly voxelSize: VoxelSize;
  /** Sizes by axis, in the order the planes are written, slowest first. */
  readonly axes: readonly PlaneAxis[];
  /** Directory of each plane of the image, in plane order; null where directories are in that order. */
  readonly directories: readonly (number | null)[] | null;
  readonly warnings: readonly StackWarning[];
}

/** A TiffData map beyond this many planes is not followed. */
const MOST_PLANES = 1_000_000;
const SLICE_MS = 5;

export function isOmeXml(description: string): boolean {
  return /^(<\?xml|<OME\b|<!--)/.test(description.trimStart()) && description.includes('<OME');
}

/** Parses OME-XML; broken XML tells nothing and is warned about. */
export async function parseOme(xml: string): Promise<OmeDescription> {
  const reader = new OmeReader();
  try {
    let sliceEnd = performance.now() + SLICE_MS;
    for (const tag of xmlTags(xml)) {
      if (!reader.take(tag)) break;
      if (performance.now() > sliceEnd) {
        await setImmediate();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
  } catch (error) {
    if (isAbort(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The OME-XML could not be used: ${reason}`;
    return {
      voxelSize: { x: null, y: null, z: null, source: 'unknown' },
      axes: [],
      directories: null,
      warnings: [{ code: 'ome-ignored', message }],
    };
  }
  return reader.result();
}

interface TiffData {
  readonly plane: number;
  readonly directory: number;
  readonly count: number | null;
}

class OmeReader {
  private images = 0;
  private pixels: ReadonlyMap<string, string> | null = null;
  private readonly map: TiffData[] = [];
  private uuid = '';
  private elsewhere = 0;

  /** Looks at one tag; false when everything of use has been seen. */
  take({ name, attributes, text }: XmlTag): boolean {
    switch (name) {
      case 'OME':
        this.uuid = attributes.get('UUID') ?? '';
        return true;
      case 'Image':
        this.images += 1;
        return this.images === 1;
      case 'Pixels':
        this.pixels = attributes;
        return true;
      case 'TiffData':
        return this.addData(attributes);
      case 'UUID':
        // The plane before it is in the file with this id, which may be another one.
        if (this.uuid !== '' && text !== '' && text !== this.uuid) {
          this.map.pop();
          this.elsewhere += 1;
        }
        return true;
      default:
        return true;
    }
  }

  result(): OmeDescription {
    const length = (axis: string): number | null => {
      const size = Number(this.pixels?.get(`PhysicalSize${axis}`) ?? NaN);
      const nm = unitInNanometres(this.pixels?.get(`PhysicalSize${axis}Unit`) ?? 'µm');
      return nm === null ? null : edgeLength(size * nm);
    };
    const [x, y, z] = [length('X'), length('Y'), length('Z')];
    const known = x !== null || y !== null || z !== null;
    const axes = this.order().map((axis) => ({ axis, size: this.size(axis) }));
    return {
      voxelSize: { x, y, z, source: known ? 'file' : 'unknown' },
      axes: axes.reverse(),
      directories: this.directories(axes.reduce((planes, { size }) => planes * size, 1)),
      warnings: this.warnings(),
    };
  }

  private size(axis: string): number {
    const size = Number(this.pixels?.get(`Size${axis}`) ?? 1);
    return Number.isSafeInteger(size) && size > 0 ? size : 1;
  }

  /** Plane axes, the fastest first: DimensionOrder without X and Y. */
  private order(): PlaneAxis['axis'][] {
    const order = this.pixels?.get('DimensionOrder') ?? 'XYZCT';
    const axes = Array.from(order).filter((axis) => axis === 'Z' || axis === 'C' || axis === 'T');
    return axes.length === 3 ? axes : ['Z', 'C', 'T'];
  }

  private addData(attributes: ReadonlyMap<string, string>): boolean {
    const number = (key: string): number => {
      const value = Number(attributes.get(key) ?? 0);
      return Number.isSafeInteger(value) && value >= 0 ? value : 0;
    };
    let plane = 0;
    let stride = 1;
    for (const axis of this.order()) {
      plane += number(`First${axis}`) * stride;
      stride *= this.size(axis);
    }
    const count = attributes.has('PlaneCount') ? number('PlaneCount') : null;
    this.map.push({ plane, directory: number('IFD'), count });
    return this.map.length < MOST_PLANES;
  }

  /** The map as a list; null where it only says what is so anyway. */
  private directories(planes: number): (number | null)[] | null {
    if (this.map.length === 0 || planes > MOST_PLANES) return null;
    const list = new Array<number | null>(planes).fill(null);
    for (const { plane, directory, count } of this.map) {
      // Without a count, an entry that names a directory stands for one plane.
      const covered = count ?? (this.map.length === 1 ? planes : 1);
      for (let step = 0; step < covered && plane + step < planes; step += 1)
        list[plane + step] = directory + step;
    }
    return list.every((directory, plane) => directory === plane) ? null : list;
  }

  private warnings(): StackWarning[] {
    const warnings: StackWarning[] = [];
    if (this.images > 1)
      warnings.push({
        code: 'ome-series',
        message: 'The file holds several images; the first is opened.',
      });
    if (this.elsewhere > 0)
      warnings.push({
        code: 'ome-companions',
        message: `${this.elsewhere} planes are in other files of the set; open the files one by one or join them in Fiji.`,
      });
    return warnings;
  }
}
