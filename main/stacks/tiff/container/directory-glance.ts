import { directoryShape, entryCount, type TagEntry, type TiffHeader, uint64 } from './directory';
import { limits } from './limits';
import { fieldBytes, tags } from './tags';

/** Size and sample type of a page; what isn't in the directory itself (types of several samples) is 0 here and compared when the page is read. */
export interface PageShape {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: number;
  readonly format: number;
}

/**
 * What the walk along the directories looks at of each, read straight from the
 * bytes into one object that is used again: a million of them cost no garbage.
 */
export class DirectoryGlance {
  width = 0;
  height = 0;
  samples = 1;
  bits = 1;
  format = 1;
  /** NewSubfileType. */
  subfile = 0;
  /** SubfileType of TIFF 5, 0 where it isn't given. */
  oldSubfile = 0;
  subIfds: TagEntry | null = null;
  /** Offset of the next directory, 0 at the end or where the directory is cut. */
  next = 0;

  /** Reads the directory at `at` of `view`, which is at `offset` of the file. False where it claims more entries than can be meant. */
  read(view: DataView, at: number, offset: number, header: TiffHeader): boolean {
    const { head, entry, inline } = directoryShape(header.big);
    const le = header.littleEndian;
    const declared = entryCount(view, header, at);
    if (declared > limits.plausibleEntries) return false;
    this.reset();
    const left = view.byteLength - at - head;
    const count = Math.min(declared, Math.floor(left / entry), limits.entriesPerDirectory);
    for (let index = 0; index < count; index += 1) {
      const place = at + head + index * entry;
      const tag = view.getUint16(place, le);
      const wanted =
        tag <= tags.BitsPerSample ||
        tag === tags.SamplesPerPixel ||
        tag === tags.SampleFormat ||
        tag === tags.SubIfds;
      if (!wanted) continue;
      const type = view.getUint16(place + 2, le);
      const values = header.big ? uint64(view, place + 4, le) : view.getUint32(place + 4, le);
      const valueAt = place + entry - inline;
      if (tag === tags.SubIfds) {
        const inside = values * (fieldBytes[type] ?? 0) <= inline;
        const far = (): number =>
          header.big ? uint64(view, valueAt, le) : view.getUint32(valueAt, le);
        this.subIfds = { type, count: values, at: inside ? offset + valueAt - at : far() };
      } else if (values > 0) this.take(tag, type, view, valueAt, le);
    }
    const nextAt = at + head + declared * entry;
    if (nextAt + (header.big ? 8 : 4) <= view.byteLength)
      this.next = header.big ? uint64(view, nextAt, le) : view.getUint32(nextAt, le);
    if (this.samples > 1) {
      this.bits = 0;
      this.format = 0;
    }
    return true;
  }

  sameShape(other: PageShape): boolean {
    return (
      this.width === other.width &&
      this.height === other.height &&
      this.samples === other.samples &&
      this.bits === other.bits &&
      this.format === other.format
    );
  }

  shape(): PageShape {
    const { width, height, samples, bits, format } = this;
    return { width, height, samples, bits, format };
  }

  private reset(): void {
    this.width = 0;
    this.height = 0;
    this.samples = 1;
    this.bits = 1;
    this.format = 1;
    this.subfile = 0;
    this.oldSubfile = 0;
    this.subIfds = null;
    this.next = 0;
  }

  private take(tag: number, type: number, view: DataView, at: number, le: boolean): void {
    let value: number;
    switch (type) {
      case 1:
        value = view.getUint8(at);
        break;
      case 3:
        value = view.getUint16(at, le);
        break;
      case 4:
        value = view.getUint32(at, le);
        break;
      case 16:
        // Only BigTIFF has room for it here.
        if (at + 8 > view.byteLength) return;
        value = uint64(view, at, le);
        break;
      default:
        return;
    }
    switch (tag) {
      case tags.NewSubfileType:
        this.subfile = value;
        break;
      case tags.SubfileType:
        this.oldSubfile = value;
        break;
      case tags.ImageWidth:
        this.width = value;
        break;
      case tags.ImageLength:
        this.height = value;
        break;
      case tags.BitsPerSample:
        this.bits = value;
        break;
      case tags.SamplesPerPixel:
        this.samples = value;
        break;
      case tags.SampleFormat:
        this.format = value;
        break;
    }
  }
}
