import type { SampleMeaning, StackInfo } from '#contract/entities';
import { greyRegion } from './grey-region';
import type { PixelArray } from '#volume/pixel-array';
import { rangeOf } from './sample-range';
import type { Region } from './stack-source';

/** Label values of a region, one a pixel, as exact as the file has them. */
export interface LabelRegion {
  readonly values: PixelArray;
  /** 0 where the file's alpha says that nothing is there; null where something is everywhere. */
  readonly opaque: Uint8Array<ArrayBuffer> | null;
}

/**
 * Labels keep their values: numbers as they are stored (ids above 2²⁴ too),
 * colours as one number each (`colourValue`), and of several channels the chosen one.
 */
export function labelRegion(region: Region, meaning: SampleMeaning): LabelRegion {
  const float = region.type.startsWith('float');
  const { data, opaque } = greyRegion(region, meaning);
  if (meaning.kind !== 'colour' || float) return { values: data, opaque };
  const steps = rangeOf(region.type).most + 1;
  const values = new Float64Array(data.length);
  for (let at = 0; at < values.length; at += 1) {
    const first = at * region.samples;
    values[at] = colourValue(
      Number(region.data[first] ?? 0),
      Number(region.data[first + 1] ?? 0),
      Number(region.data[first + 2] ?? 0),
      steps,
    );
  }
  return { values, opaque };
}

/**
 * The label value of a colour: a grey keeps its own, any other is steps³ +
 * red · steps² + green · steps + blue, which no grey can be. `steps` is 256
 * for 8-bit samples, 65,536 for 16-bit ones.
 */
export function colourValue(red: number, green: number, blue: number, steps: number): number {
  if (red === green && green === blue) return red;
  return ((steps + red) * steps + green) * steps + blue;
}

/** A label value as a person knows it: `#rrggbb` for a colour (16-bit colours `#rrrrggggbbbb`), else the number. */
export function labelValueText(
  value: number,
  { meaning, type }: Pick<StackInfo, 'meaning' | 'type'>,
): string {
  if (meaning.kind !== 'colour' || type.startsWith('float')) return String(value);
  const steps = rangeOf(type).most + 1;
  const digits = steps === 2 ** 8 ? 2 : 4;
  const hex = (part: number): string => part.toString(16).padStart(digits, '0');
  if (value < steps) return `#${hex(value).repeat(3)}`;
  const place = (power: number): number => Math.floor(value / steps ** power) % steps;
  return `#${hex(place(2))}${hex(place(1))}${hex(place(0))}`;
}

const namedColours: Readonly<Record<string, string>> = {
  red: '#ff0000',
  green: '#00ff00',
  blue: '#0000ff',
  yellow: '#ffff00',
  cyan: '#00ffff',
  magenta: '#ff00ff',
  white: '#ffffff',
  black: '#000000',
};

/** The label value of a word like `255`, `#ff0000` or `red`; NaN for any other. */
export function parseLabelValue(text: string): number {
  const word = text.trim().toLowerCase();
  const colour = /^#(?:([0-9a-f]{2}){3}|([0-9a-f]{4}){3})$/.test(word) ? word : namedColours[word];
  if (colour === undefined) return word === '' ? Number.NaN : Number(word);
  const digits = (colour.length - 1) / 3;
  const part = (i: number): number =>
    parseInt(colour.slice(1 + i * digits, 1 + (i + 1) * digits), 16);
  return colourValue(part(0), part(1), part(2), 16 ** digits);
}
