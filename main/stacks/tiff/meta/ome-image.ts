import type { StackWarning, VoxelSize } from '#contract/entities';
import { edgeLength, isNoLength, unitInNanometres } from './length-unit';
import type { PlaneAxis } from './stack-axes';

/** One entry of the map from planes to directories. */
export interface TiffData {
  readonly first: Readonly<Record<PlaneAxis['axis'], number>>;
  /** null where the entry names no directory. */
  readonly directory: number | null;
  readonly count: number | null;
}

type Attributes = ReadonlyMap<string, string>;

/** A whole number that is not negative; null for any other text. */
function wholeNumber(text: string | undefined): number | null {
  const value = Number(text ?? NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** One image of OME-XML, as its tags come. */
export class OmeImage {
  readonly map: TiffData[] = [];
  /** Planes that are in other files. */
  elsewhere = 0;
  private pixels: Attributes | null = null;

  constructor(
    readonly name: string,
    private readonly id: string,
  ) {}

  takePixels(attributes: Attributes): void {
    this.pixels ??= attributes;
  }

  addData(attributes: Attributes): void {
    const first = (axis: string): number => wholeNumber(attributes.get(`First${axis}`)) ?? 0;
    this.map.push({
      first: { Z: first('Z'), C: first('C'), T: first('T') },
      directory: wholeNumber(attributes.get('IFD')),
      count: wholeNumber(attributes.get('PlaneCount')),
    });
  }

  /** The entry added last speaks of another file. */
  dropData(): void {
    this.map.pop();
    this.elsewhere += 1;
  }

  get width(): number | null {
    return wholeNumber(this.pixels?.get('SizeX'));
  }

  get height(): number | null {
    return wholeNumber(this.pixels?.get('SizeY'));
  }

  /** Sample type as OME names it; null where it isn't told. */
  get type(): string | null {
    return this.pixels?.get('Type') ?? null;
  }

  /** Pixels of a plane; 0 where the sizes aren't told. */
  get area(): number {
    return (this.width ?? 0) * (this.height ?? 0);
  }

  /** As `stackPages` weighs groups of pages: number × edge length. */
  get weight(): number {
    return this.size('Z') * this.size('T') * Math.sqrt(this.area);
  }

  /** Sizes by axis, slowest first. */
  get axes(): PlaneAxis[] {
    return this.order()
      .map((axis) => ({ axis, size: this.size(axis) }))
      .reverse();
  }

  get voxelSize(): VoxelSize {
    const length = (axis: string): number | null => {
      const size = Number(this.pixels?.get(`PhysicalSize${axis}`) ?? NaN);
      const nm = unitInNanometres(this.unit(axis));
      return nm === null ? null : edgeLength(size * nm);
    };
    const [x, y, z] = [length('X'), length('Y'), length('Z')];
    const known = x !== null || y !== null || z !== null;
    return { x, y, z, source: known ? 'file' : 'unknown' };
  }

  /** Name and size for a person, the name cut to `most` characters. */
  text(most: number): string {
    const called = this.name === '' ? this.id : this.name;
    const named = called === '' ? 'an image without a name' : `"${called.slice(0, most)}"`;
    const { width, height } = this;
    return width === null || height === null ? named : `${named} (${width} × ${height})`;
  }

  warnings(): StackWarning[] {
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

  private unit(axis: string): string {
    return this.pixels?.get(`PhysicalSize${axis}Unit`) ?? 'µm';
  }

  private size(axis: string): number {
    return Math.max(1, wholeNumber(this.pixels?.get(`Size${axis}`)) ?? 1);
  }

  /** Plane axes, the fastest first: DimensionOrder without X and Y. */
  private order(): PlaneAxis['axis'][] {
    const order = this.pixels?.get('DimensionOrder') ?? 'XYZCT';
    const axes = Array.from(order.slice(0, 5)).filter(
      (axis) => axis === 'Z' || axis === 'C' || axis === 'T',
    );
    return new Set(axes).size === 3 ? axes : ['Z', 'C', 'T'];
  }
}

/**
 * The image that is the stack: the first, unless it is a preview, that is
 * another one has both larger planes and more weight; then the heaviest of those.
 */
export function stackImage(images: readonly OmeImage[]): OmeImage | null {
  const [first] = images;
  if (first === undefined || first.area === 0) return first ?? null;
  return images.reduce(
    (best, image) => (image.area > first.area && image.weight > best.weight ? image : best),
    first,
  );
}
