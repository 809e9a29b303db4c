import { setImmediate } from 'node:timers/promises';
import type { StackWarning, VoxelSize } from '#contract/entities';
import { isAbort } from '#contract/errors';
import { edgeLength, isNoLength, unitInNanometres } from './length-unit';
import { limits } from './limits';
import type { PlaneAxis } from './stack-axes';
import { type XmlTag, xmlTags } from './xml-tags';

/** One entry of the map from planes to directories. */
export interface TiffData {
  readonly first: Readonly<Record<PlaneAxis['axis'], number>>;
  /** null where the entry names no directory. */
  readonly directory: number | null;
  readonly count: number | null;
}

/** What OME-XML says of its first image. */
export interface OmeDescription {
  readonly voxelSize: VoxelSize;
  readonly name: string;
  /** Size of the planes in pixels, null where it isn't told. */
  readonly width: number | null;
  readonly height: number | null;
  /** Sizes by axis, in the order the planes are written, slowest first; samples of a pixel count as channels. */
  readonly axes: readonly PlaneAxis[];
  readonly map: readonly TiffData[];
  /** Planes of the first image that are in other files. */
  readonly elsewhere: number;
  /** Names and sizes of the images beside the first. */
  readonly others: readonly string[];
  readonly warnings: readonly StackWarning[];
}

/** A TiffData map beyond this many entries is not followed. */
export const MOST_PLANES = 1_000_000;
/** The thread is given back after this many tags: a few milliseconds. */
const AT_ONCE = 4096;
/** Beyond this the text is not read on. */
const LONGEST_MS = 4000;
const NAMED_IMAGES = 8;
const NAME_LENGTH = 60;

export function isOmeXml(description: string): boolean {
  return (
    /^(<\?xml|<OME\b|<!--)/.test(description.slice(0, 4096).trimStart()) &&
    description.includes('<OME')
  );
}

const nothing: OmeDescription = {
  voxelSize: { x: null, y: null, z: null, source: 'unknown' },
  name: '',
  width: null,
  height: null,
  axes: [],
  map: [],
  elsewhere: 0,
  others: [],
  warnings: [],
};

function ignored(reason: string): OmeDescription {
  const message = `The OME-XML could not be used: ${reason}`;
  return { ...nothing, warnings: [{ code: 'ome-ignored', message }] };
}

/** Parses OME-XML; broken XML, or more of it than is read, tells nothing and is warned about. */
export async function parseOme(xml: string): Promise<OmeDescription> {
  if (xml.length > limits.omeXmlBytes) return ignored(`it is ${xml.length} characters long.`);
  const reader = new OmeReader();
  try {
    const end = performance.now() + LONGEST_MS;
    let seen = 0;
    for (const tag of xmlTags(xml)) {
      if (!reader.take(tag)) break;
      seen += 1;
      if (seen % AT_ONCE !== 0) continue;
      if (performance.now() > end) return ignored('reading it takes too long.');
      await setImmediate();
    }
  } catch (error) {
    if (isAbort(error)) throw error;
    return ignored(error instanceof Error ? error.message : String(error));
  }
  return reader.result();
}

function whole(text: string | undefined): number | null {
  const value = Number(text ?? NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

class OmeReader {
  private images = 0;
  private name = '';
  private pixels: ReadonlyMap<string, string> | null = null;
  private readonly map: TiffData[] = [];
  private readonly others: string[] = [];
  private uuid = '';
  private elsewhere = 0;

  /** Looks at one tag; false when everything of use has been seen. */
  take(tag: XmlTag): boolean {
    const { name, attributes } = tag;
    switch (name) {
      case 'OME':
        this.uuid = attributes.get('UUID') ?? '';
        return true;
      case 'Image':
        this.images += 1;
        if (this.images === 1) this.name = attributes.get('Name') ?? '';
        else if (this.others.length < NAMED_IMAGES)
          this.others.push(named(attributes.get('Name') ?? attributes.get('ID') ?? ''));
        return true;
      case 'Pixels':
        this.takePixels(attributes);
        return true;
      case 'TiffData':
        return this.images > 1 || this.addData(attributes);
      case 'UUID':
        // The plane before it is in the file with this id, which may be another one.
        if (this.images <= 1 && this.uuid !== '' && ![this.uuid, ''].includes(tag.text())) {
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
      const nm = unitInNanometres(this.unit(axis));
      return nm === null ? null : edgeLength(size * nm);
    };
    const [x, y, z] = [length('X'), length('Y'), length('Z')];
    const known = x !== null || y !== null || z !== null;
    const axes = this.order().map((axis) => ({ axis, size: this.size(axis) }));
    const unnamed = this.images - 1 - this.others.length;
    return {
      voxelSize: { x, y, z, source: known ? 'file' : 'unknown' },
      name: this.name,
      width: whole(this.pixels?.get('SizeX')),
      height: whole(this.pixels?.get('SizeY')),
      axes: axes.reverse(),
      map: this.map,
      elsewhere: this.elsewhere,
      others: unnamed > 0 ? [...this.others, `${unnamed} more`] : this.others,
      warnings: this.warnings(),
    };
  }

  private unit(axis: string): string {
    return this.pixels?.get(`PhysicalSize${axis}Unit`) ?? 'µm';
  }

  private size(axis: string): number {
    return Math.max(1, whole(this.pixels?.get(`Size${axis}`)) ?? 1);
  }

  /** Plane axes, the fastest first: DimensionOrder without X and Y. */
  private order(): PlaneAxis['axis'][] {
    const order = this.pixels?.get('DimensionOrder') ?? 'XYZCT';
    const axes = Array.from(order.slice(0, 5)).filter(
      (axis) => axis === 'Z' || axis === 'C' || axis === 'T',
    );
    return new Set(axes).size === 3 ? axes : ['Z', 'C', 'T'];
  }

  private takePixels(attributes: ReadonlyMap<string, string>): void {
    if (this.images <= 1) {
      this.pixels ??= attributes;
      return;
    }
    const last = this.others.length - 1;
    const [x, y] = [whole(attributes.get('SizeX')), whole(attributes.get('SizeY'))];
    if (this.images - 1 <= NAMED_IMAGES && x !== null && y !== null)
      this.others[last] = `${this.others[last] ?? ''} (${x} × ${y})`;
  }

  private addData(attributes: ReadonlyMap<string, string>): boolean {
    const first = (axis: string): number => whole(attributes.get(`First${axis}`)) ?? 0;
    this.map.push({
      first: { Z: first('Z'), C: first('C'), T: first('T') },
      directory: whole(attributes.get('IFD')),
      count: whole(attributes.get('PlaneCount')),
    });
    return this.map.length < MOST_PLANES;
  }

  private warnings(): StackWarning[] {
    const warnings: StackWarning[] = [];
    for (const unit of new Set(['X', 'Y', 'Z'].map((axis) => this.unit(axis))))
      if (unitInNanometres(unit) === null && !isNoLength(unit) && unit !== 'reference frame')
        warnings.push({
          code: 'unit-unknown',
          message: `The unit "${unit.slice(0, 40)}" is not known; sizes in it are left open.`,
        });
    if (this.elsewhere > 0)
      warnings.push({
        code: 'ome-companions',
        message: `${this.elsewhere} planes are in other files of the set; open the files one by one or join them in Fiji.`,
      });
    return warnings;
  }
}

function named(name: string): string {
  return name === '' ? 'an image without a name' : `"${name.slice(0, NAME_LENGTH)}"`;
}
