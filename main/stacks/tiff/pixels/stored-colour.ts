import type { SampleMeaning } from '#contract/entities';
import type { PixelArray } from '#volume/pixel-array';

/** How a file's samples become what a person sees: as they are, through a table, or from another colour space. */
export type StoredColour =
  | { readonly kind: 'as-is'; readonly meaning: SampleMeaning }
  | { readonly kind: 'palette'; readonly table: ColourTable; readonly meaning: SampleMeaning }
  | { readonly kind: 'cmyk'; readonly meaning: SampleMeaning }
  | { readonly kind: 'lab'; readonly encoding: LabEncoding; readonly meaning: SampleMeaning };

/** The three ways of TIFF to write CIE L*a*b*, by what 0 to the largest value stand for. */
export type LabEncoding = 'cie' | 'icc' | 'itu';

/** Colours of the indices 0 to n − 1, `channels` values each: 1 where every colour is a grey. */
export interface ColourTable {
  readonly type: 'uint8' | 'uint16';
  readonly channels: 1 | 3;
  readonly colours: PixelArray;
}

/**
 * A ColorMap tag (all reds, then all greens, then all blues, 0 to 65,535) as
 * colours. Tables of 8-bit colours, written as v × 256, v × 257 or plain v,
 * give 8 bits; others keep their 16.
 */
export function colourTable(map: readonly number[]): ColourTable {
  const size = Math.floor(map.length / 3);
  const red = map.slice(0, size);
  const green = map.slice(size, 2 * size);
  const blue = map.slice(2 * size, 3 * size);
  const grey = red.every((value, at) => value === green[at] && value === blue[at]);
  const planes = grey ? [red] : [red, green, blue];
  const scale = tableScale(map);
  const colours =
    scale === null ? new Uint16Array(size * planes.length) : new Uint8Array(size * planes.length);
  planes.forEach((plane, channel) => {
    plane.forEach((value, at) => {
      colours[at * planes.length + channel] = scale === null ? value : Math.floor(value / scale);
    });
  });
  return { type: scale === null ? 'uint16' : 'uint8', channels: grey ? 1 : 3, colours };
}

/** What 8-bit colours of a table were multiplied with; null where they have 16 bits. */
function tableScale(map: readonly number[]): number | null {
  if (map.every((value) => value < 256)) return 1;
  const eight = map.every((value) => value % 256 === 0) || map.every((value) => value % 257 === 0);
  return eight ? 256 : null;
}
