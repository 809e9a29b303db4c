import type { SampleMeaning, StackWarning, VoxelSize } from '#contract/entities';
import { corruptRaw, unsupportedRaw } from '../raw/raw-info';
import { edgeLength, isNoLength, unitInNanometres } from '../tiff/meta/length-unit';

/** One axis of a NRRD, fastest first. */
export interface NrrdAxis {
  readonly size: number;
  /** In small letters; empty where the file says nothing. */
  readonly kind: string;
  /** Edge length along it in `unit`; null where it isn't told. */
  readonly spacing: number | null;
  readonly unit: string;
}

/** Which axis is which, and what that makes of the pixels. */
export interface NrrdPlan {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly samples: number;
  readonly meaning: SampleMeaning;
  readonly voxelSize: VoxelSize;
}

const colours: Readonly<Record<string, number>> = {
  'rgb-color': 3,
  'rgba-color': 4,
  '3-color': 3,
  '4-color': 4,
};
const onePerPixel = /^(list|vector|\d-vector|normal|point|scalar|stub|none|.*gradient|.*normal)$/;

const isColour = ({ kind }: NrrdAxis): boolean => Object.hasOwn(colours, kind);
const isSamples = (axis: NrrdAxis): boolean => isColour(axis) || onePerPixel.test(axis.kind);

/**
 * Which axes are columns, rows and slices; what is taken for granted goes to `warnings`.
 * @throws MembranaError stack.unsupported, stack.corrupt
 */
export function planAxes(
  name: string,
  axes: readonly NrrdAxis[],
  warnings: StackWarning[],
): NrrdPlan {
  const strange = axes.find(({ kind }) => /matrix|complex|quaternion|hsv|xyz/.test(kind));
  if (strange !== undefined)
    throw unsupportedRaw(name, `an axis of the kind “${strange.kind.slice(0, 40)}”`, HINT);
  const [first] = axes;
  const sampled = first !== undefined && axes.length > 2 && isSamples(first);
  const pixels = sampled ? axes.slice(1) : axes;
  if (pixels.some((axis) => isColour(axis) && axis.size > 1))
    throw unsupportedRaw(name, 'colours as pictures of their own, one after the other', HINT);
  const [x, y, ...more] = pixels;
  if (x === undefined || y === undefined)
    throw unsupportedRaw(name, axes.length === 1 ? 'one axis' : 'no rows and columns', HINT);
  const several = more.filter(({ size }) => size > 1);
  const [slices] = several;
  if (several.length > 1) {
    const last = several.slice(1).reduce((product, { size }) => product * size, 1);
    const told = pixels.length === axes.length && axes.every(({ kind }) => kind === '');
    if (told)
      throw unsupportedRaw(
        name,
        `${axes.length} axes, without a word (“kinds”) about which are slices and which are channels`,
        HINT,
      );
    warnings.push({
      code: 'first-time',
      message: `The file has ${last} volumes of ${slices?.size ?? 1} slices; the first is opened.`,
    });
  } else if (slices !== undefined && (slices.kind === 'time' || isSamples(slices)))
    warnings.push({
      code: 'axes-as-slices',
      message: `The file has ${slices.size} ${slices.kind === 'time' ? 'frames' : 'pictures of a list'}; all are shown as slices, in the order they were saved.`,
    });
  const samples = sampled ? first.size : 1;
  return {
    width: x.size,
    height: y.size,
    depth: slices?.size ?? 1,
    samples,
    meaning: meaningOf(name, sampled ? first : null, warnings),
    voxelSize: voxelSizeOf(x, y, slices ?? null, warnings),
  };
}

const HINT = 'Save it as one volume of grey values, or as TIFF, in Fiji or 3D Slicer for instance.';

function meaningOf(name: string, axis: NrrdAxis | null, warnings: StackWarning[]): SampleMeaning {
  if (axis === null || axis.size === 1) return { kind: 'grey', stored: 'grey', alpha: null };
  const { size, kind } = axis;
  const told = colours[kind];
  if (told !== undefined) {
    if (told !== size) throw corruptRaw(name, `its colours have ${size} values each, not ${told}`);
    const alpha = size === 4 ? { sample: 3, premultiplied: false } : null;
    return { kind: 'colour', stored: 'rgb', alpha };
  }
  warnings.push({
    code: 'channels',
    message: `Each pixel has ${size} channels; the first is looked at (--channel chooses another one on the command line, 0 being the first).`,
  });
  return { kind: 'channels', channels: size, channel: 0, alpha: null };
}

function voxelSizeOf(
  x: NrrdAxis,
  y: NrrdAxis,
  z: NrrdAxis | null,
  warnings: StackWarning[],
): VoxelSize {
  const unitless: NrrdAxis[] = [];
  const strange = new Set<string>();
  const length = (axis: NrrdAxis | null): number | null => {
    if (axis?.spacing == null || axis.kind === 'time') return null;
    const nm = unitInNanometres(axis.unit);
    if (nm !== null) return edgeLength(axis.spacing * nm);
    if (!isNoLength(axis.unit)) strange.add(axis.unit);
    else if (axis.spacing !== 1) unitless.push(axis);
    return null;
  };
  const found = { x: length(x), y: length(y), z: length(z) };
  for (const unit of strange)
    warnings.push({
      code: 'unit-unknown',
      message: `The unit "${unit.slice(0, 40)}" is not known; sizes in it are left open.`,
    });
  if (unitless.length > 0)
    warnings.push({
      code: 'unit-missing',
      message: `The file says that a pixel is ${x.spacing ?? '?'} × ${y.spacing ?? '?'} large, but not in which unit; the size is left open.`,
    });
  const some = found.x !== null || found.y !== null || found.z !== null;
  return { ...found, source: some ? 'file' : 'unknown' };
}
