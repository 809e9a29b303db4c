import { MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE, type Rect } from '#contract/tiles';
import { GAINED, LOST } from './difference-colours';
import { channelsOf, emptyMix, lay, layOverPacked, pack } from '../draw/colour-mix';
import { raisedTile } from './raised-tile';
import { FoundSets } from './found-sets';
import { grownInTile, isOutline, type TileExtent } from './mask-outline';
import { firstByte } from '#contract/mask/membrane-mask';
import type { OverlayLook, OverlayTiles } from './overlay-look';
import { COLUMNS, NO_PREDICTION, ON_LINE, outlinedIds, OverlayTable } from './overlay-table';

const CHANGED_OPACITY = 0.85;
/** Differences cover what they lie on, so that their two colours stay the ones of the legend. */
const DIFFERENCE_STRENGTH = 1.5;
/** A pixel of a reduced level is membrane in the truth when half of it is. */
const HALF = 128;

const WHOLE_TILE: TileExtent = { width: TILE_SIZE, height: TILE_SIZE };
/** Ids of a tile on its way through `#outline`; nothing of it is kept. */
const scratch = new Uint8Array(TILE_PIXELS);

function opaque(colour: string, alpha: number): number {
  const mix = emptyMix();
  lay(mix, colour, alpha);
  return pack(mix);
}

type ClassMaps = readonly (Uint8Array | null)[];

/** Null where no class has a map. */
function classMaps({ classes }: OverlayTiles): ClassMaps | null {
  return classes?.some((map) => map !== null) === true ? classes : null;
}

/** Where the colour of a pixel stands in a table. */
function placeIn({ labels, probability, line }: OverlayTiles, i: number): number {
  const label = labels ? (labels[i] ?? 0) : 0;
  let column = probability ? (probability[i] ?? 0) : NO_PREDICTION;
  if (line && line[i] !== 0 && probability) column += ON_LINE;
  return label * COLUMNS + column;
}

/** Colours overlay tiles: labels, prediction, uncertainty and review by table, then comparison and truth above. */
export class OverlayColour {
  readonly #look: OverlayLook;
  readonly #outlined: boolean;
  /** Which classes beside membrane a pixel is of; the three lists below have an entry for each set that has occurred. */
  readonly #sets: FoundSets;
  /** Of a filled mask, or of its outline. */
  readonly #tables: OverlayTable[] = [];
  /** Within the outline. */
  readonly #insides: OverlayTable[] = [];
  readonly #ids: Uint8Array[] = [];
  readonly #from: number;
  readonly #comparedFrom: number | null;
  readonly #gained = opaque(GAINED, CHANGED_OPACITY);
  readonly #lost = opaque(LOST, CHANGED_OPACITY);

  constructor(look: OverlayLook) {
    this.#look = look;
    this.#from = firstByte(look.mask.pixel);
    this.#comparedFrom = look.comparedMask === null ? null : firstByte(look.comparedMask.pixel);
    this.#outlined = look.contour && look.layers.mask.visible;
    this.#sets = new FoundSets(look.found);
  }

  /** The table of a set of classes: of a filled mask, or of its outline. */
  #tableOf(set: number): OverlayTable {
    const part = this.#outlined ? 'line' : 'fill';
    return (this.#tables[set] ??= new OverlayTable(this.#look, part, this.#sets.classesOf(set)));
  }

  #insideOf(set: number): OverlayTable {
    return (this.#insides[set] ??= new OverlayTable(
      this.#look,
      'inside',
      this.#sets.classesOf(set),
    ));
  }

  #idsOf(set: number): Uint8Array {
    return (this.#ids[set] ??= outlinedIds(this.#look, this.#sets.classesOf(set)));
  }

  /** Packed colours by probability byte where nobody has looked at a pixel; null where its neighbours or the maps of classes count, too. */
  get predicted(): Uint32Array | null {
    if (this.#outlined || this.#look.found.length > 0) return null;
    return this.#tableOf(0).between.subarray(0, 256);
  }

  /** Colours a rectangle of a tile into the same place of `out` (TILE_SIZE² RGBA pixels, little-endian). `extent` = the tile's part in the slice. */
  colour(tiles: OverlayTiles, rect: Rect, out: Uint32Array, extent = WHOLE_TILE): void {
    const { labels, probability, line, earlier, truth } = tiles;
    const classes = classMaps(tiles);
    if (this.#outlined) this.#outline(tiles, classes, rect, out, extent);
    else if (classes) this.#withClasses(tiles, classes, rect, out);
    else if (!labels && probability && !line) this.#predicted(probability, rect, out);
    else this.#labelled(tiles, rect, out);
    if (!earlier && !truth) return;
    const mask = probability && raisedTile(probability, line);
    if (earlier && mask) this.#compare(labels, mask, earlier, rect, out);
    if (truth && this.#look.layers.truth.visible) this.#truth(labels, mask, truth, rect, out);
  }

  /** Nobody has looked at any pixel of the tile. */
  #predicted(probability: Uint8Array, rect: Rect, out: Uint32Array): void {
    const { between } = this.#tableOf(0);
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      const end = y * TILE_SIZE + rect.x + rect.width;
      for (let i = y * TILE_SIZE + rect.x; i < end; i += 1)
        out[i] = between[probability[i] ?? 0] ?? 0;
    }
  }

  #labelled({ labels, probability, line }: OverlayTiles, rect: Rect, out: Uint32Array): void {
    const { on, between } = this.#tableOf(0);
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      const row = y * TILE_SIZE;
      for (let x = rect.x; x < rect.x + rect.width; x += 1) {
        const i = row + x;
        const label = labels ? (labels[i] ?? 0) : 0;
        let column = probability ? (probability[i] ?? 0) : NO_PREDICTION;
        if (line && line[i] !== 0 && probability) column += ON_LINE;
        const table = ((x + y) & 7) < 2 ? on : between;
        out[i] = table[label * COLUMNS + column] ?? 0;
      }
    }
  }

  #withClasses(tiles: OverlayTiles, classes: ClassMaps, rect: Rect, out: Uint32Array): void {
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      for (let x = rect.x; x < rect.x + rect.width; x += 1) {
        const i = y * TILE_SIZE + x;
        const table = this.#tableOf(this.#sets.at(classes, i));
        out[i] = (((x + y) & 7) < 2 ? table.on : table.between)[placeIn(tiles, i)] ?? 0;
      }
    }
  }

  #outline(
    tiles: OverlayTiles,
    classes: ClassMaps | null,
    rect: Rect,
    out: Uint32Array,
    extent: TileExtent,
  ): void {
    const setAt = (i: number): number => (classes === null ? 0 : this.#sets.at(classes, i));
    const around = grownInTile(rect);
    for (let y = around.y; y < around.y + around.height; y += 1) {
      const end = y * TILE_SIZE + around.x + around.width;
      for (let i = y * TILE_SIZE + around.x; i < end; i += 1)
        scratch[i] = this.#idsOf(setAt(i))[placeIn(tiles, i)] ?? 0;
    }
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      for (let x = rect.x; x < rect.x + rect.width; x += 1) {
        const i = y * TILE_SIZE + x;
        const set = setAt(i);
        const table = isOutline(scratch, x, y, extent) ? this.#tableOf(set) : this.#insideOf(set);
        out[i] = (((x + y) & 7) < 2 ? table.on : table.between)[placeIn(tiles, i)] ?? 0;
      }
    }
  }

  #compare(
    labels: Uint8Array | null,
    mask: Uint8Array,
    earlier: Uint8Array,
    rect: Rect,
    out: Uint32Array,
  ): void {
    if (this.#comparedFrom === null) return;
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      for (let i = y * TILE_SIZE + rect.x; i < y * TILE_SIZE + rect.x + rect.width; i += 1) {
        if (labels && labels[i] !== UNTOUCHED) continue;
        const now = (mask[i] ?? 0) >= this.#from;
        const before = (earlier[i] ?? 0) >= this.#comparedFrom;
        if (now !== before) out[i] = now ? this.#gained : this.#lost;
      }
    }
  }

  /** The truth above everything: its membrane, or where the mask has other pixels. Where there is no mask there is no difference. */
  #truth(
    labels: Uint8Array | null,
    mask: Uint8Array | null,
    truth: Uint8Array,
    rect: Rect,
    out: Uint32Array,
  ): void {
    const { colour, opacity } = this.#look.layers.truth;
    const { differences } = this.#look;
    const strong = Math.min(1, opacity * DIFFERENCE_STRENGTH);
    const [own, gained, lost] = [channelsOf(colour), channelsOf(GAINED), channelsOf(LOST)];
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      for (let i = y * TILE_SIZE + rect.x; i < y * TILE_SIZE + rect.x + rect.width; i += 1) {
        const membrane = (truth[i] ?? 0) >= HALF;
        if (!differences) {
          if (membrane) out[i] = layOverPacked(out[i] ?? 0, own, opacity);
          continue;
        }
        const id = labels ? (labels[i] ?? 0) & 0x7f : UNTOUCHED;
        if (id === UNTOUCHED && !mask) continue;
        const masked = id === UNTOUCHED ? (mask?.[i] ?? 0) >= this.#from : id === MEMBRANE;
        if (masked !== membrane)
          out[i] = layOverPacked(out[i] ?? 0, masked ? gained : lost, strong);
      }
    }
  }
}
