import type { SampleMeaning } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { type LayoutWarning, photometricWhiteIsZero, photometricYCbCr } from './page-layout';
import type { SampleFormat } from '../container/sample-format';
import { colourTable, type StoredColour } from './stored-colour';
import type { TagReader } from '../container/tag-reader';
import { tags } from '../container/tags';

interface Stored {
  readonly samples: number;
  readonly format: SampleFormat;
  readonly photometric: number;
}

/** PhotometricInterpretation of TIFF 6.0 and its supplements, as far as pictures are seen through it. */
const photometricNames: Readonly<Record<number, string>> = {
  32803: 'a colour filter array',
  32844: 'LogL',
  32845: 'LogLuv',
  34892: 'linear raw',
};
const labEncodings = { 8: 'cie', 9: 'icc', 10: 'itu' } as const;
/** ExtraSamples: opacity that the colours were multiplied with, and opacity beside them. */
const ASSOCIATED_ALPHA = 1;
const UNASSOCIATED_ALPHA = 2;

/**
 * What the samples of a page mean; what a person should know about it goes to `warnings`.
 * @throws MembranaError tiff.unsupported for samples that are no picture, tiff.corrupt
 */
export async function readColour(
  reader: TagReader,
  stored: Stored,
  warnings: LayoutWarning[],
): Promise<StoredColour> {
  const { photometric, samples, format } = stored;
  const warn = (code: string, message: string): void => {
    warnings.push({ code, message });
  };
  switch (photometric) {
    case photometricWhiteIsZero:
      warnWhiteIsZero(format, warn);
      return { kind: 'as-is', meaning: await greyMeaning(reader, stored, warn) };
    case 2:
    case photometricYCbCr: {
      if (samples < 3) break;
      // Three grey slices look like this when tifffile writes them without being told what they are.
      if (photometric === 2 && (await reader.number(tags.PlanarConfiguration, 1)) === 2)
        warn(
          'colour-planes',
          'The file calls its planes the red, green and blue of one slice, and they are read so. If they are slices, save them as grey pages (tifffile: photometric="minisblack").',
        );
      const alpha = await readAlpha(reader, 3, samples, warn);
      return { kind: 'as-is', meaning: { kind: 'colour', stored: 'rgb', alpha } };
    }
    case 3:
      return readPalette(reader, stored, warn);
    case 5:
      return readInks(reader, stored, warn);
    case 8:
    case 9:
    case 10: {
      if (samples < 3) break;
      requireBytes(reader, format, 'CIE L*a*b*');
      warn(
        'lab',
        'The colours are stored as CIE L*a*b*; they are turned into red, green and blue.',
      );
      const alpha = await readAlpha(reader, 3, samples, warn);
      const meaning: SampleMeaning = { kind: 'colour', stored: 'lab', alpha };
      return { kind: 'lab', encoding: labEncodings[photometric], meaning };
    }
    default: {
      const name = photometricNames[photometric];
      if (name !== undefined) throw unsupported(reader, `pictures stored as ${name}`);
    }
  }
  if (photometric > 4 || photometric === 2)
    warn(
      'photometric-unknown',
      `What the samples mean is not known (photometric interpretation ${photometric}, ${samples} samples a pixel); they are taken for grey.`,
    );
  return { kind: 'as-is', meaning: await greyMeaning(reader, stored, warn) };
}

type Warn = (code: string, message: string) => void;

function unsupported(reader: TagReader, what: string): MembranaError {
  return new MembranaError('tiff.unsupported', `${reader.file.name}: ${what} are not supported.`, {
    hint: 'Open it in Fiji and save it as a plain TIFF (8, 16 or 32 bit).',
    data: { file: reader.file.name },
  });
}

/** Colour spaces are read where the largest value is that of whole bytes. */
function requireBytes(reader: TagReader, { bits, type }: SampleFormat, what: string): void {
  const whole = (bits === 8 || bits === 16) && !type.startsWith('float');
  if (!whole) throw unsupported(reader, `${what} samples of ${bits} bits (${type})`);
}

function warnWhiteIsZero({ type }: SampleFormat, warn: Warn): void {
  if (type.startsWith('uint'))
    warn(
      'white-is-zero',
      'The file says that 0 is white (WhiteIsZero, as ImageJ saves an inverting look-up table): values are turned around, so that the largest stored value reads as 0.',
    );
  else
    warn(
      'white-is-zero',
      `The file says that 0 is white (WhiteIsZero); its ${type} values are not turned around.`,
    );
}

/** The first of the samples from `first` on that says how opaque a pixel is. */
async function readAlpha(
  reader: TagReader,
  first: number,
  samples: number,
  warn: Warn,
): Promise<SampleMeaning['alpha']> {
  const kinds = await reader.numbers(tags.ExtraSamples, samples - first);
  const extra = Array.from({ length: samples - first }, (_, i) => kinds[i] ?? 0);
  const at = extra.findIndex((kind) => kind === ASSOCIATED_ALPHA || kind === UNASSOCIATED_ALPHA);
  if (extra.length > (at < 0 ? 0 : 1) && first > 1)
    warn(
      'samples-unused',
      'Pixels have samples beyond their colour that the file does not explain; they are not used.',
    );
  if (at < 0) return null;
  warn(
    'alpha',
    'Pixels have an alpha sample: where it is 0 nothing is shown, segmented or learnt from.',
  );
  return { sample: first + at, premultiplied: extra[at] === ASSOCIATED_ALPHA };
}

/** One sample and perhaps alpha is grey; more are detectors, of which the first is looked at. */
async function greyMeaning(
  reader: TagReader,
  { samples, photometric }: Stored,
  warn: Warn,
): Promise<SampleMeaning> {
  const alpha = samples > 1 ? await readAlpha(reader, 1, samples, warn) : null;
  const channels = samples - (alpha === null ? 0 : 1);
  const stored = photometric === photometricWhiteIsZero ? 'white-is-zero' : 'grey';
  if (channels === 1) return { kind: 'grey', stored, alpha };
  warn(
    'channels',
    `Each pixel has ${channels} channels; the first is looked at (--channel chooses another one on the command line, 0 being the first).`,
  );
  return { kind: 'channels', channels, channel: 0, alpha };
}

async function readPalette(reader: TagReader, stored: Stored, warn: Warn): Promise<StoredColour> {
  const { bits, type } = stored.format;
  if (bits > 16 || !type.startsWith('uint'))
    throw unsupported(reader, `palette indices of ${bits} bits (${type})`);
  const map = await reader.numbers(tags.ColorMap, 3 * 2 ** bits);
  if (map.length < 3) {
    warn('palette-missing', 'The palette that the file speaks of is missing; indices are shown.');
    return { kind: 'as-is', meaning: await greyMeaning(reader, stored, warn) };
  }
  const table = colourTable(map);
  if (map.length < 3 * 2 ** bits)
    warn(
      'palette-short',
      `The palette lists ${Math.floor(map.length / 3)} of ${2 ** bits} colours; indices beyond it are black.`,
    );
  const grey = table.channels === 1;
  warn(
    'palette',
    `Pixels are indices of a palette of ${grey ? 'greys' : 'colours'}: they are read as ${grey ? 'those greys' : 'those colours'}, not as indices.`,
  );
  const alpha = await readAlpha(reader, 1, stored.samples, warn);
  const shown = alpha === null ? null : { ...alpha, sample: table.channels };
  return {
    kind: 'palette',
    table,
    meaning: { kind: grey ? 'grey' : 'colour', stored: 'palette', alpha: shown },
  };
}

async function readInks(reader: TagReader, stored: Stored, warn: Warn): Promise<StoredColour> {
  const cmyk = (await reader.number(tags.InkSet, 1)) === 1 && stored.samples >= 4;
  if (!cmyk) return { kind: 'as-is', meaning: await greyMeaning(reader, stored, warn) };
  requireBytes(reader, stored.format, 'CMYK');
  warn(
    'cmyk',
    'The colours are stored as inks (CMYK); they are turned into red, green and blue without a colour profile, so greys may differ a little from the original.',
  );
  const alpha = await readAlpha(reader, 4, stored.samples, warn);
  const shown = alpha === null ? null : { ...alpha, sample: 3 };
  return { kind: 'cmyk', meaning: { kind: 'colour', stored: 'cmyk', alpha: shown } };
}
