import type { ElementType, SampleMeaning, StackInfo } from '#contract/entities';
import { newPixels, type PixelArray } from '#volume/pixel-array';
import type { Region } from '../../stack-source';
import { labToRgb } from './lab-colour';
import { isInverted, type PageLayout } from './page-layout';
import type { ColourTable } from './stored-colour';

interface ShownSamples {
  readonly type: ElementType;
  readonly samples: number;
}

/** Colour samples, and alpha where there is one. */
const withAlpha = (samples: number, { alpha }: SampleMeaning): number =>
  samples + (alpha === null ? 0 : 1);

/** Type and number of the samples that a page's pixels are handed over with. */
export function shownSamples({ colour, format, samples }: PageLayout): ShownSamples {
  switch (colour.kind) {
    case 'as-is':
      return { type: format.type, samples };
    case 'palette': {
      const { type, channels } = colour.table;
      // Alpha has the type of the index; a table of another one can't go with it.
      return { type, samples: withAlpha(channels, colour.meaning) };
    }
    case 'cmyk':
    case 'lab':
      return {
        type: format.bits === 16 ? 'uint16' : 'uint8',
        samples: withAlpha(3, colour.meaning),
      };
  }
}

/**
 * Stored samples as what they stand for: indices as colours of their table,
 * inks and L*a*b* as red, green and blue (and alpha last). `wanted` is what the
 * stack promises: a page of greys in a stack of colours gets three samples.
 */
export function shownRegion(
  region: Region,
  layout: PageLayout,
  wanted: Pick<StackInfo, 'type' | 'samples'>,
): Region {
  const { colour, format } = layout;
  if (colour.kind === 'as-is') return withOwnAlpha(region, layout);
  const { width, height, samples, bad } = region;
  const pixels = width * height;
  const data = newPixels(wanted.type, pixels * wanted.samples);
  const alpha = colour.meaning.alpha === null ? null : { from: alphaPlace(colour.kind), samples };
  switch (colour.kind) {
    case 'palette':
      lookUp(region, colour.table, format.bilevel, data, wanted.samples);
      break;
    case 'cmyk':
      inksToRgb(region, format.bits === 16 ? 65_535 : 255, data, wanted.samples);
      break;
    case 'lab':
      labToRgb(region, colour.encoding, format.bits, data, wanted.samples);
      break;
  }
  if (alpha !== null)
    for (let at = 0; at < pixels; at += 1)
      data[(at + 1) * wanted.samples - 1] = region.data[at * alpha.samples + alpha.from] ?? 0;
  return { type: wanted.type, samples: wanted.samples, width, height, data, bad };
}

/** Where stored values are turned around (WhiteIsZero), alpha is not meant: turned again, it is as it was. */
function withOwnAlpha(region: Region, layout: PageLayout): Region {
  const { alpha } = layout.colour.meaning;
  if (alpha === null || !isInverted(layout)) return region;
  const { data, samples } = region;
  const { bits, bilevel } = layout.format;
  const top = bilevel ? 255 : 2 ** bits - 1;
  for (let at = alpha.sample; at < data.length; at += samples)
    if (data instanceof BigUint64Array) data[at] = 2n ** 64n - 1n - (data[at] ?? 0n);
    else if (!(data instanceof BigInt64Array)) data[at] = top - (data[at] ?? 0);
  return region;
}

/** The sample that alpha lies in before the colours are turned. */
function alphaPlace(kind: 'palette' | 'cmyk' | 'lab'): number {
  return { palette: 1, cmyk: 4, lab: 3 }[kind];
}

function lookUp(
  { data, samples, width, height }: Region,
  table: ColourTable,
  bilevel: boolean,
  to: PixelArray,
  wanted: number,
): void {
  const { channels, colours } = table;
  const shown = Math.min(wanted, 3);
  for (let at = 0; at < width * height; at += 1) {
    const stored = Number(data[at * samples] ?? 0);
    const index = bilevel && stored > 0 ? 1 : stored;
    for (let c = 0; c < shown; c += 1)
      to[at * wanted + c] = colours[index * channels + (channels === 1 ? 0 : c)] ?? 0;
  }
}

/** R = (1 − C)(1 − K), and so on. */
function inksToRgb(
  { data, samples, width, height }: Region,
  most: number,
  to: PixelArray,
  wanted: number,
): void {
  for (let at = 0; at < width * height; at += 1) {
    const black = most - Number(data[at * samples + 3] ?? 0);
    for (let c = 0; c < 3; c += 1) {
      const ink = most - Number(data[at * samples + c] ?? 0);
      to[at * wanted + c] = Math.round((ink * black) / most);
    }
  }
}
