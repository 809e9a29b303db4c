import type { ElementType, StackWarning } from '#contract/entities';
import { bytesPerSample } from '#volume/pixel-array';
import { corruptRaw, unsupportedRaw } from '../raw/raw-info';
import { type NrrdAxis, type NrrdPlan, planAxes } from './nrrd-axes';

const types: Readonly<Record<string, ElementType>> = {
  'signed char': 'int8',
  int8: 'int8',
  int8_t: 'int8',
  uchar: 'uint8',
  'unsigned char': 'uint8',
  uint8: 'uint8',
  uint8_t: 'uint8',
  short: 'int16',
  'short int': 'int16',
  'signed short': 'int16',
  'signed short int': 'int16',
  int16: 'int16',
  int16_t: 'int16',
  ushort: 'uint16',
  'unsigned short': 'uint16',
  'unsigned short int': 'uint16',
  uint16: 'uint16',
  uint16_t: 'uint16',
  int: 'int32',
  'signed int': 'int32',
  int32: 'int32',
  int32_t: 'int32',
  uint: 'uint32',
  'unsigned int': 'uint32',
  uint32: 'uint32',
  uint32_t: 'uint32',
  longlong: 'int64',
  'long long': 'int64',
  'long long int': 'int64',
  'signed long long': 'int64',
  'signed long long int': 'int64',
  int64: 'int64',
  int64_t: 'int64',
  ulonglong: 'uint64',
  'unsigned long long': 'uint64',
  'unsigned long long int': 'uint64',
  uint64: 'uint64',
  uint64_t: 'uint64',
  float: 'float32',
  double: 'float64',
};
const encodings: Readonly<Record<string, 'raw' | 'gzip'>> = {
  raw: 'raw',
  gzip: 'gzip',
  gz: 'gzip',
};
const MOST_AXES = 16;
const HINT = 'Save it with the encoding raw or gzip, in 3D Slicer or with pynrrd for instance.';

/** What the header of a NRRD file says. */
export interface NrrdHeader {
  readonly plan: NrrdPlan;
  readonly type: ElementType;
  readonly bigEndian: boolean;
  readonly encoding: 'raw' | 'gzip';
  /** Name of the file that holds the pixels, beside the header; null where they follow it. */
  readonly dataFile: string | null;
  /** Lines, then bytes, before the pixels; −1 bytes count from the end of the data. */
  readonly lineSkip: number;
  readonly byteSkip: number;
  readonly warnings: readonly StackWarning[];
}

/**
 * Makes sense of the fields of a NRRD header.
 * @throws MembranaError stack.corrupt, stack.unsupported
 */
export function parseNrrdHeader(name: string, fields: ReadonlyMap<string, string>): NrrdHeader {
  const told = (field: string): string => {
    const value = fields.get(field);
    if (value === undefined) throw corruptRaw(name, `its header does not say its ${field}`);
    return value;
  };
  const typeName = told('type').toLowerCase();
  const type = types[typeName];
  if (type === undefined)
    throw unsupportedRaw(name, `values of the type “${typeName.slice(0, 40)}”`, HINT);
  const encodingName = told('encoding').toLowerCase();
  const encoding = encodings[encodingName];
  if (encoding === undefined)
    throw unsupportedRaw(name, `pixels in the encoding “${encodingName.slice(0, 40)}”`, HINT);
  const warnings: StackWarning[] = [];
  const plan = planAxes(name, axesOf(name, fields, told), warnings);
  const endian = fields.get('endian')?.toLowerCase();
  if (bytesPerSample(type) > 1 && endian !== 'little' && endian !== 'big')
    throw corruptRaw(name, 'its header does not say its byte order (endian)');
  const lineSkip = wholeNumber(name, fields, 'line skip', 0);
  const byteSkip = wholeNumber(name, fields, 'byte skip', -1);
  if (byteSkip < 0 && encoding !== 'raw')
    throw corruptRaw(name, 'its pixels are counted from the end of a compressed file');
  const dataFile = dataFileOf(name, fields.get('data file'));
  const bigEndian = endian === 'big' && bytesPerSample(type) > 1;
  return { plan, type, bigEndian, encoding, dataFile, lineSkip, byteSkip, warnings };
}

function wholeNumber(
  name: string,
  fields: ReadonlyMap<string, string>,
  field: string,
  least: number,
): number {
  const text = fields.get(field) ?? '0';
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw corruptRaw(name, `its ${field} is “${text.slice(0, 40)}”`);
}

/** One file beside the header, by its plain name: a NRRD may not reach elsewhere. */
function dataFileOf(name: string, told: string | undefined): string | null {
  if (told === undefined || told === '') return null;
  if (/^LIST\b/.test(told) || /%\d*d/.test(told))
    throw unsupportedRaw(name, 'its pixels in several files', 'Save it as one file.');
  const plain = told.replace(/^\.\//, '');
  if (plain === '..' || plain === '.' || /[/\\\0]/.test(plain))
    throw unsupportedRaw(
      name,
      `its pixels in another folder (“${told.slice(0, 80)}”)`,
      'Put the file with the pixels beside the header and write its plain name there.',
    );
  return plain;
}

function axesOf(
  name: string,
  fields: ReadonlyMap<string, string>,
  told: (field: string) => string,
): NrrdAxis[] {
  const sizes = words(told('sizes')).map(Number);
  const rank = Number(told('dimension'));
  if (rank !== sizes.length || rank > MOST_AXES)
    throw corruptRaw(
      name,
      `it says ${told('dimension').slice(0, 20)} axes and has ${sizes.length} sizes`,
    );
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 1))
    throw corruptRaw(name, `its sizes are ${told('sizes').slice(0, 80)}`);
  const kinds = words(fields.get('kinds') ?? '').map((kind) => kind.toLowerCase());
  const spacings = words(fields.get('spacings') ?? '').map(Number);
  const units = quoted(fields.get('units') ?? '');
  const directions = directionsOf(fields.get('space directions') ?? '');
  // Units of the room's axes, not of the array's: they can be told apart where all are one.
  const [spaceUnit = '', ...others] = quoted(fields.get('space units') ?? '');
  const oneUnit = others.every((unit) => unit === spaceUnit) ? spaceUnit : '';
  return sizes.map((size, axis) => {
    const kind = (kinds[axis] ?? '').replace('???', '');
    const direction = directions[axis];
    if (direction === undefined) {
      const spacing = spacings[axis] ?? NaN;
      const unit = units[axis] ?? '';
      return { size, kind, spacing: Number.isFinite(spacing) ? Math.abs(spacing) : null, unit };
    }
    if (direction === null)
      return { size, kind: kind === '' ? 'none' : kind, spacing: null, unit: '' };
    return { size, kind, spacing: Math.hypot(...direction), unit: oneUnit };
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Words in quotation marks; pynrrd writes them without. */
function quoted(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, inner, plain]) => inner ?? plain ?? '');
}

/** Vectors, and null for each “none”. */
function directionsOf(text: string): (readonly number[] | null)[] {
  return [...text.matchAll(/\(([^)]*)\)|(none)/gi)].map(([, vector]) => {
    const parts = vector?.split(',').map(Number) ?? [];
    return parts.length === 0 || parts.some((part) => !Number.isFinite(part)) ? null : parts;
  });
}
