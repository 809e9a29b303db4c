import { setImmediate } from 'node:timers/promises';
import type { StackWarning, VoxelSize } from '#contract/entities';
import { isAbort } from '#contract/errors';
import { limits } from '../container/limits';
import { OmeImage, stackImage, type TiffData } from './ome-image';
import type { PlaneAxis } from './stack-axes';
import { type XmlTag, xmlTags } from './xml-tags';

/** What OME-XML says of the image that is the stack. */
export interface OmeDescription {
  readonly voxelSize: VoxelSize;
  readonly name: string;
  /** Size of the planes in pixels, null where it isn't told. */
  readonly width: number | null;
  readonly height: number | null;
  /** Sample type as OME names it, null where it isn't told. */
  readonly type: string | null;
  /** Sizes by axis, in the order the planes are written, slowest first; samples of a pixel count as channels. */
  readonly axes: readonly PlaneAxis[];
  readonly map: readonly TiffData[];
  /** Planes of the image that are in other files. */
  readonly elsewhere: number;
  /** Which one it is where there are several. */
  readonly place: 'first' | 'largest';
  /** Names and sizes of the other images. */
  readonly others: readonly string[];
  readonly warnings: readonly StackWarning[];
}

/** A TiffData map beyond this many entries is not followed. */
export const MOST_PLANES = 1_000_000;
/** The thread is given back after this many tags: a few milliseconds. */
const AT_ONCE = 4096;
/** Beyond this the text is not read on. */
const LONGEST_MS = 4000;
/** Images beyond these are only counted. */
const MOST_IMAGES = 1024;
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
  type: null,
  axes: [],
  map: [],
  elsewhere: 0,
  place: 'first',
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

class OmeReader {
  private count = 0;
  private readonly images: OmeImage[] = [];
  private mapped = 0;
  private uuid = '';

  /** Looks at one tag; false when everything of use has been seen. */
  take(tag: XmlTag): boolean {
    const { name, attributes } = tag;
    const image = this.count <= MOST_IMAGES ? this.images.at(-1) : undefined;
    switch (name) {
      case 'OME':
        this.uuid = attributes.get('UUID') ?? '';
        return true;
      case 'Image':
        this.count += 1;
        if (this.count <= MOST_IMAGES)
          this.images.push(new OmeImage(attributes.get('Name') ?? '', attributes.get('ID') ?? ''));
        return true;
      case 'Pixels':
        image?.takePixels(attributes);
        return true;
      case 'TiffData':
        image?.addData(attributes);
        this.mapped += 1;
        return this.mapped < MOST_PLANES;
      case 'UUID':
        // The plane before it is in the file with this id, which may be another one.
        if (this.uuid !== '' && ![this.uuid, ''].includes(tag.text())) image?.dropData();
        return true;
      default:
        return true;
    }
  }

  result(): OmeDescription {
    const image = stackImage(this.images);
    if (image === null) return nothing;
    const others = this.images.filter((other) => other !== image);
    const named = others.slice(0, NAMED_IMAGES).map((other) => other.text(NAME_LENGTH));
    const unnamed = this.count - 1 - named.length;
    const { voxelSize, name, width, height, type, axes, map, elsewhere } = image;
    return {
      ...{ voxelSize, name, width, height, type, axes, map, elsewhere },
      place: image === this.images[0] ? 'first' : 'largest',
      others: unnamed > 0 ? [...named, `${unnamed} more`] : named,
      warnings: image.warnings(),
    };
  }
}
