/** A tag as a test wants it written, lies included. */
export interface TestTag {
  readonly tag: number;
  /** TIFF field type; 3 (SHORT), 4 (LONG), 5 (RATIONAL, pairs), 12 (DOUBLE), 16 (LONG8). */
  readonly type: number;
  readonly values: readonly number[] | string | Uint8Array;
  /** Count to write instead of the true one. */
  readonly count?: number;
  /** Offset to write instead of the true one. */
  readonly at?: number;
}

export interface TestPage {
  readonly tags: readonly TestTag[];
  /** Strips or tiles, stored before the directory; their places go into `offsetsTag`. */
  readonly blocks?: readonly Uint8Array[];
  readonly offsetsTag?: 273 | 324;
  /** Offsets and byte counts to write instead of the true ones; null leaves the tag out. */
  readonly offsets?: readonly number[];
  readonly byteCounts?: readonly number[] | null;
  /** Offset of the next directory: a page's index (as `page`), or a number. */
  readonly next?: { readonly page: number } | number;
  readonly keepOrder?: boolean;
  /** Entry count to write instead of the true one. */
  readonly entries?: number;
}

export interface TestTiff {
  readonly order?: 'II' | 'MM';
  readonly big?: boolean;
  readonly pages: readonly TestPage[];
  /** Bytes after everything else. */
  readonly tail?: Uint8Array;
}

const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  11: 4,
  12: 8,
  16: 8,
};

/** Grows as bytes are put at its end. */
class Bytes {
  private readonly parts: Uint8Array[] = [];
  length = 0;
  put(bytes: Uint8Array): number {
    const at = this.length;
    const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, new Uint8Array(1)]);
    this.parts.push(even);
    this.length += even.length;
    return at;
  }
  all(): Buffer<ArrayBuffer> {
    return Buffer.concat(this.parts);
  }
}

/** The bytes of a TIFF: header, then for each page its blocks, its long values and its directory. */
export function tiffBytes({
  order = 'II',
  big = false,
  pages,
  tail,
}: TestTiff): Buffer<ArrayBuffer> {
  const le = order === 'II';
  const out = new Bytes();
  out.put(new Uint8Array(big ? 16 : 8));
  const places: number[] = [];
  const links: { at: number; next: TestPage['next'] }[] = [];
  for (const page of pages) {
    const tags = pageTags(page, out);
    const values = tags.map((tag) => encode(tag, le));
    const inline = big ? 8 : 4;
    const at = tags.map((tag, index) => {
      const bytes = values[index] ?? new Uint8Array(0);
      return tag.at ?? (bytes.length > inline ? out.put(bytes) : null);
    });
    const head = big ? 8 : 2;
    const entry = big ? 20 : 12;
    const view = new DataView(new ArrayBuffer(head + tags.length * entry + inline));
    const put = (where: number, value: number): void => {
      if (big) view.setBigUint64(where, BigInt(value), le);
      else view.setUint32(where, value, le);
    };
    const entries = page.entries ?? tags.length;
    if (big) view.setBigUint64(0, BigInt(entries), le);
    else view.setUint16(0, entries, le);
    tags.forEach((tag, index) => {
      const bytes = values[index] ?? new Uint8Array(0);
      const start = head + index * entry;
      view.setUint16(start, tag.tag, le);
      view.setUint16(start + 2, tag.type, le);
      put(start + 4, tag.count ?? bytes.length / (sizes[tag.type] ?? 1));
      const place = at[index];
      if (place === null || place === undefined)
        new Uint8Array(view.buffer).set(bytes, start + entry - inline);
      else put(start + entry - inline, place);
    });
    const where = out.put(new Uint8Array(view.buffer));
    places.push(where);
    links.push({ at: where + head + tags.length * entry, next: page.next });
  }
  if (tail !== undefined) out.put(tail);
  const file = out.all();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const link = (where: number, value: number): void => {
    if (big) view.setBigUint64(where, BigInt(value), le);
    else view.setUint32(where, value, le);
  };
  view.setUint16(0, le ? 0x4949 : 0x4d4d, false);
  view.setUint16(2, big ? 43 : 42, le);
  if (big) view.setUint16(4, 8, le);
  link(big ? 8 : 4, places[0] ?? 0);
  links.forEach(({ at, next }, index) => {
    const target = typeof next === 'object' ? places[next.page] : next;
    link(at, target ?? places[index + 1] ?? 0);
  });
  return file;
}

function pageTags(page: TestPage, out: Bytes): TestTag[] {
  const { blocks = [], offsetsTag = 273 } = page;
  const stored = blocks.map((block) => (block.length === 0 ? 0 : out.put(block)));
  const tags = [...page.tags];
  const type = (values: readonly number[]): number =>
    values.some((value) => value > 0xffffffff) ? 16 : 4;
  const offsets = page.offsets ?? stored;
  const own = (tag: number): boolean => tags.some((other) => other.tag === tag);
  if (!own(offsetsTag) && offsets.length > 0)
    tags.push({ tag: offsetsTag, type: type(offsets), values: offsets });
  const countsTag = offsetsTag === 273 ? 279 : 325;
  const counts =
    page.byteCounts === null ? [] : (page.byteCounts ?? blocks.map((block) => block.length));
  if (!own(countsTag) && counts.length > 0)
    tags.push({ tag: countsTag, type: type(counts), values: counts });
  return page.keepOrder === true ? tags : tags.sort((a, b) => a.tag - b.tag);
}

function encode({ type, values }: TestTag, le: boolean): Uint8Array {
  if (values instanceof Uint8Array) return values;
  if (typeof values === 'string') return Buffer.from(`${values}\0`, 'latin1');
  const size = type === 5 ? 4 : (sizes[type] ?? 4);
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, index) => {
    const at = index * size;
    if (type === 12) view.setFloat64(at, value, le);
    else if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, le);
    else if (size === 8) view.setBigUint64(at, BigInt(value), le);
    else view.setUint32(at, value, le);
  });
  return new Uint8Array(view.buffer);
}

export interface ImageTags {
  readonly width: number;
  readonly height: number;
  readonly bits?: number | null;
  readonly format?: number;
  readonly samples?: number;
  readonly compression?: number;
  readonly photometric?: number;
  readonly rowsPerStrip?: number;
  readonly predictor?: number;
  readonly planar?: number;
  readonly tile?: readonly [number, number];
  readonly description?: string;
  readonly resolution?: readonly [number, number];
}

/** The usual tags of an image; what isn't given isn't written, but for 8 bits, no compression, BlackIsZero. */
export function imageTags(image: ImageTags): TestTag[] {
  const { samples } = image;
  const short = (tag: number, value: number | undefined): TestTag[] =>
    value === undefined ? [] : [{ tag, type: 3, values: [value] }];
  const bits = image.bits === undefined ? 8 : image.bits;
  return [
    { tag: 256, type: 4, values: [image.width] },
    { tag: 257, type: 4, values: [image.height] },
    ...(bits === null
      ? []
      : [{ tag: 258, type: 3, values: new Array<number>(samples ?? 1).fill(bits) }]),
    ...short(259, image.compression ?? 1),
    ...short(262, image.photometric ?? 1),
    ...(image.description === undefined ? [] : [{ tag: 270, type: 2, values: image.description }]),
    ...short(277, samples),
    ...(image.rowsPerStrip === undefined
      ? []
      : [{ tag: 278, type: 4, values: [image.rowsPerStrip] }]),
    ...(image.resolution === undefined
      ? []
      : [
          { tag: 282, type: 5, values: image.resolution },
          { tag: 283, type: 5, values: image.resolution },
        ]),
    ...short(284, image.planar),
    ...short(317, image.predictor),
    ...(image.tile === undefined
      ? []
      : [
          { tag: 322, type: 4, values: [image.tile[0]] },
          { tag: 323, type: 4, values: [image.tile[1]] },
        ]),
    ...(image.format === undefined
      ? []
      : [{ tag: 339, type: 3, values: new Array<number>(samples ?? 1).fill(image.format) }]),
  ];
}
