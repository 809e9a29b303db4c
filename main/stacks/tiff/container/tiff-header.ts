import { MembranaError } from '#contract/errors';
import type { SourceFile } from '../../source-file';
import { type TiffHeader, uint64, viewOf } from './directory';

const LITTLE = 0x4949;
const BIG = 0x4d4d;

/** Whether a file's first bytes are those of a TIFF. */
export function beginsLikeTiff(head: Uint8Array): boolean {
  if (head.byteLength < 4) return false;
  const order = viewOf(head).getUint16(0, false);
  const magic = viewOf(head).getUint16(2, order === LITTLE);
  return (order === LITTLE || order === BIG) && (magic === 42 || magic === 43);
}

/**
 * Byte order, flavour and the first directory, from the file's first 16 bytes.
 * @throws MembranaError tiff.not-a-tiff (naming what the file looks like), tiff.truncated, tiff.no-image, tiff.corrupt
 */
export async function readHeader(file: SourceFile): Promise<TiffHeader> {
  const bytes = await file.read(0, 512);
  const view = viewOf(bytes);
  const order = bytes.byteLength >= 2 ? view.getUint16(0, false) : 0;
  const data = { file: file.name };
  if (order !== LITTLE && order !== BIG) throw notATiff(file.name, bytes);
  const littleEndian = order === LITTLE;
  const magic = bytes.byteLength >= 4 ? view.getUint16(2, littleEndian) : 42;
  if (magic !== 42 && magic !== 43) throw notATiff(file.name, bytes);
  const big = magic === 43;
  if (bytes.byteLength < (big ? 16 : 8))
    throw new MembranaError('tiff.truncated', `${file.name} has a truncated header.`, {
      hint: 'Copy or export the file again; the last copy did not finish.',
      data: { ...data, bytes: bytes.byteLength },
    });
  if (big && view.getUint16(4, littleEndian) !== 8)
    throw new MembranaError(
      'tiff.corrupt',
      `${file.name} is a BigTIFF with offsets of another size than 8.`,
      {
        hint: 'The file is damaged. Export the stack again from the program that wrote it.',
        data,
      },
    );
  const firstDirectory = big ? uint64(view, 8, littleEndian) : view.getUint32(4, littleEndian);
  if (firstDirectory === 0)
    throw new MembranaError('tiff.no-image', `${file.name} holds no image.`, {
      hint: 'Export the stack again; the program that wrote the file did not finish it.',
      data,
    });
  return { littleEndian, big, firstDirectory };
}

const signatures: readonly (readonly [string, readonly number[], string])[] = [
  [
    'a PNG picture',
    [0x89, 0x50, 0x4e, 0x47],
    'Rename it to .png and convert it to TIFF, in Fiji for instance.',
  ],
  ['a JPEG picture', [0xff, 0xd8, 0xff], 'JPEG loses detail: export the original as TIFF.'],
  ['gzip-compressed', [0x1f, 0x8b], 'Unpack it first (gunzip) and open the TIFF inside.'],
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04], 'Unpack it first and open the TIFF inside.'],
  ['a PDF', [0x25, 0x50, 0x44, 0x46], 'Export the image itself as TIFF.'],
];

function notATiff(name: string, bytes: Uint8Array): MembranaError {
  const known = signatures.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte));
  const text =
    bytes.byteLength > 0 && bytes.every((byte) => byte >= 32 || (byte >= 8 && byte <= 13));
  const looks = known?.[0] ?? (text ? 'text' : null);
  return new MembranaError(
    'tiff.not-a-tiff',
    looks === null ? `${name} is not a TIFF.` : `${name} is not a TIFF; it looks like ${looks}.`,
    {
      hint: known?.[2] ?? 'Choose a TIFF, HDF5, MRC or NRRD file.',
      data: { file: name, looksLike: looks ?? 'unknown' },
    },
  );
}
