import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { readGreySlice } from './picture-slice';
import { FolderTarget } from '../folder-target';
import type { ImageSlice, ImageSpec, ImageWriter, StackPicture } from '../image-writer';
import { sliceBytes } from '../slice-bytes';
import type { StoredType, ZarrVersion } from './array-layout';
import { groupMetadata, labelsOf, multiscales, ownNotes } from './group-metadata';
import { PyramidWriter } from './pyramid-writer';

/** The stack that labels lie in. */
interface UnderLabels {
  readonly picture: StackPicture;
  readonly pyramid: PyramidWriter;
}

class ZarrImageWriter implements ImageWriter {
  private readonly pyramid: PyramidWriter;
  private readonly under: UnderLabels | null;
  private next = 0;

  constructor(
    private readonly folder: FolderTarget,
    private readonly spec: ImageSpec,
    private readonly version: ZarrVersion,
  ) {
    const { width, height, slices, type, legend, picture, name } = spec;
    const shape = { depth: slices.length, height, width };
    const values = legend === null ? 'image' : 'labels';
    const path = legend === null ? '' : `labels/${name}`;
    this.pyramid = new PyramidWriter(folder, path, shape, type, values, version);
    this.under =
      legend === null || picture === null
        ? null
        : {
            picture,
            pyramid: new PyramidWriter(folder, '', shape, stored(picture), 'image', version),
          };
  }

  append(slice: ImageSlice, signal = new AbortController().signal): Promise<void> {
    return this.folder.guarded(async () => {
      signal.throwIfAborted();
      sliceBytes(slice, this.spec);
      const z = this.spec.slices[this.next];
      if (z === undefined) throw new Error('more slices than were announced');
      if (this.under) {
        const { picture, pyramid } = this.under;
        await pyramid.append(await readGreySlice(picture, z, signal));
      }
      await this.pyramid.append(slice);
      this.next += 1;
    });
  }

  finish(): Promise<number> {
    return this.folder.guarded(async () => {
      if (this.next !== this.spec.slices.length || this.next === 0)
        throw new MembranaError('file.write-failed', `The ${this.spec.name} is not whole.`, {
          hint: 'Export at least one slice.',
          data: { written: sliceMark(this.spec.slices.slice(0, this.next)) },
        });
      await this.pyramid.finish();
      await this.under?.pyramid.finish();
      await this.describe();
      return this.folder.finish();
    });
  }

  abort(): Promise<void> {
    return this.folder.abort();
  }

  private async describe(): Promise<void> {
    const { spec, version } = this;
    const notes = ownNotes(spec);
    const own = multiscales(spec, spec.name, this.pyramid.count, version);
    if (spec.legend === null) {
      await this.writeGroup('', groupMetadata(own, version, notes));
      return;
    }
    if (this.under) {
      const image = multiscales(spec, 'image', this.under.pyramid.count, version);
      await this.writeGroup('', groupMetadata(image, version, notes));
    }
    await this.writeGroup('labels/', groupMetadata({ labels: [spec.name] }, version));
    const labels = groupMetadata({ ...own, ...labelsOf(spec, version) }, version, notes);
    await this.writeGroup(`labels/${spec.name}/`, labels);
  }

  private async writeGroup(path: string, files: Readonly<Record<string, object>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const text = `${JSON.stringify(content, null, 2)}\n`;
      await this.folder.write(`${path}${name}`, new TextEncoder().encode(text));
    }
  }
}

function stored({ info: { type } }: StackPicture): StoredType {
  return type === 'float16' ? 'float32' : type;
}

/**
 * A folder with an image at several resolutions as OME-Zarr 0.4 (Zarr v2) or
 * 0.5 (Zarr v3, in shards). Labels lie in `labels/NAME` of the stack that they
 * were drawn on, as webKnossos and napari want them, with their colours.
 * @throws MembranaError project.source-missing, export.folder-exists, disk.full, file.write-failed
 */
export async function createZarrImage(
  path: string,
  spec: ImageSpec,
  version: ZarrVersion,
): Promise<ImageWriter> {
  if (spec.legend !== null && spec.picture === null)
    throw new MembranaError(
      'project.source-missing',
      'OME-Zarr keeps labels inside the image, and the stack is not there.',
      {
        hint: 'Say where the stack is, or choose another format.',
        safe: 'Nothing was written.',
      },
    );
  const folder = await FolderTarget.create(path, spec.files);
  return new ZarrImageWriter(folder, spec, version);
}
