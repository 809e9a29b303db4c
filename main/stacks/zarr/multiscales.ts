import { z } from 'zod';
import type { StackWarning } from '#contract/entities';
import { corruptZarr } from './zarr-errors';

/** One resolution of an image. */
export interface ImageLevel {
  /** Folder of the array, relative to the image, `/` between parts. */
  readonly path: string;
  /** Edge length of a voxel along each axis, in the axis's unit; null where it isn't told. */
  readonly scale: readonly number[] | null;
}

export interface ImageAxis {
  /** z, y, x, c or t, or another word. */
  readonly name: string;
  readonly unit: string;
}

/** What OME-Zarr says of an image; axes are null where the arrays have to tell. */
export interface Multiscale {
  readonly axes: readonly ImageAxis[] | null;
  readonly levels: readonly [ImageLevel, ...ImageLevel[]];
  readonly warnings: readonly StackWarning[];
}

const Axis = z.union([
  z
    .string()
    .max(100)
    .transform((name) => ({ name, unit: '' })),
  z.object({ name: z.string().max(100), unit: z.string().max(100).default('') }),
]);
const Transform = z.looseObject({ type: z.string().max(100) });
const Transforms = z.array(Transform).max(16).default([]);
const Dataset = z.object({ path: z.string().max(1000), coordinateTransformations: Transforms });
const Entry = z.object({
  axes: z.array(Axis).max(8).optional(),
  datasets: z.array(Dataset).min(1).max(64),
  coordinateTransformations: Transforms,
});
const Scale = z.object({ type: z.literal('scale'), scale: z.array(z.number()).max(8) });

/** The part of a node's attributes that OME-Zarr speaks in: of 0.5 under `ome`, before at the top. */
function omeOf(attributes: unknown): unknown {
  if (typeof attributes !== 'object' || attributes === null) return undefined;
  return Object.hasOwn(attributes, 'ome') ? Reflect.get(attributes, 'ome') : attributes;
}

/** The images that a group's attributes describe; null where they describe none. */
function entriesOf(attributes: unknown): readonly unknown[] | null {
  const ome = omeOf(attributes);
  if (typeof ome !== 'object' || ome === null || !Object.hasOwn(ome, 'multiscales')) return null;
  const entries: unknown = Reflect.get(ome, 'multiscales');
  return z.array(z.unknown()).catch([]).parse(entries);
}

export function isImage(attributes: unknown): boolean {
  return entriesOf(attributes) !== null;
}

/** A folder below the image, and nowhere else. */
function isBelow(path: string): boolean {
  return (
    path !== '' &&
    !path.includes('\\') &&
    !path.includes('\0') &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/**
 * The image that the attributes of group `name` describe; null where they describe none.
 * @throws MembranaError stack.corrupt
 */
export function parseMultiscale(name: string, attributes: unknown): Multiscale | null {
  const entries = entriesOf(attributes);
  if (entries === null) return null;
  if (entries.length === 0) throw corruptZarr(name, 'its list of images names no image');
  const parsed = Entry.safeParse(entries[0]);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
    throw corruptZarr(name, `its list of resolutions makes no sense${where.slice(0, 160)}`);
  }
  const { axes, datasets, coordinateTransformations: common } = parsed.data;
  const levels = datasets.map(({ path, coordinateTransformations }) => {
    const plain = path.replace(/^\/+|\/+$/g, '');
    if (!isBelow(plain)) throw corruptZarr(name, 'a resolution lies outside its folder');
    return { path: plain, scale: times(scaleOf(coordinateTransformations), scaleOf(common)) };
  });
  const [first, ...more] = levels;
  if (first === undefined) throw corruptZarr(name, 'its list of resolutions is empty');
  const warnings: StackWarning[] =
    entries.length > 1
      ? [
          {
            code: 'ome-series',
            message: `The group describes ${entries.length} images; the first is opened.`,
          },
        ]
      : [];
  return { axes: axes ?? null, levels: [first, ...more], warnings };
}

function scaleOf(transforms: readonly unknown[]): readonly number[] | null {
  for (const transform of transforms) {
    const parsed = Scale.safeParse(transform);
    if (parsed.success) return parsed.data.scale;
  }
  return null;
}

function times(a: readonly number[] | null, b: readonly number[] | null): readonly number[] | null {
  if (a === null || b === null) return a ?? b;
  return a.map((value, axis) => value * (b[axis] ?? 1));
}
