import { describe, expect, it } from 'vitest';
import { encodeDirectories, type DirectoryOptions } from './encode-directories';

const options: DirectoryOptions = {
  width: 4,
  height: 4,
  type: 'uint8',
  rowsPerStrip: 4,
  compression: 'none',
};
const magic = (bytes: Uint8Array): number => new DataView(bytes.buffer).getUint16(2, true);

describe('the flavour of a written stack', () => {
  it.each([
    ['classic TIFF while everything lies below 4 GB', 4_000_000_000, 42],
    ['BigTIFF when the pixels end beyond', 5_000_000_000, 43],
    ['BigTIFF when only the directories would lie beyond', 2 ** 32 - 20, 43],
  ])('is %s', (_, end, expected) => {
    const page = { offsets: [end - 16], byteCounts: [16] };
    const { header, directories } = encodeDirectories([page, page], end, options);
    expect(magic(header)).toBe(expected);
    const view = new DataView(directories.buffer, directories.byteOffset);
    expect(expected === 42 ? view.getUint16(0, true) : Number(view.getBigUint64(0, true))).toBe(15);
  });
});
