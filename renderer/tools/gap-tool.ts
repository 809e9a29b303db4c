import { MEMBRANE, painted } from '#contract/label-byte';
import type { Rect } from '#contract/tiles';
import type { ByteField } from '#labels/byte-field';
import { gapPath, type GapGround } from '#labels/operations/gap-path';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { ruleOf } from './area-commit';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** A way is looked for in a square of this side: where all of it has to be searched, that took 14.5 ms of a processor. */
const SIDE = 256;
/** Half of what is painted: three pixels of membrane. */
const RADIUS = 1.5;
/** After a gap is closed the pointer has to go so far, in CSS pixels, before another one is looked for. */
const REST = 4;
/** The image says less than the prediction: where that has seen nothing, dark counts as so much of a membrane. */
const DARK = 0.5;

/**
 * Closes a gap in a membrane: near a broken end the cheapest way to the next
 * wall is shown under the pointer; a click or Enter paints it as one step, a
 * press is held to choose another, Escape drops it.
 */
export class GapTool implements Tool {
  readonly clicks = true;
  readonly #host: ToolHost;
  #path: readonly Point[] | null = null;
  #pressed = false;
  /** The slice is still being read there. */
  #reads = false;
  /** Where the pointer is, as far as a way is wanted there. */
  #at: ToolPoint | null = null;
  /** Where the last gap was closed or dropped. */
  #rest: Point | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    if (this.#pressed) return 'aiming';
    return this.#path ? 'waiting' : 'idle';
  }

  press(at: ToolPoint): void {
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    if (this.#rests(at)) return;
    this.#pressed = true;
    this.#look(at);
  }

  drag(points: readonly ToolPoint[]): void {
    const last = points.at(-1);
    if (last && this.#pressed) this.#look(last);
  }

  release(): void {
    if (!this.#pressed) return;
    this.#pressed = false;
    if (!this.#paint()) this.#host.tellBlocked(this.#reads ? 'loading' : 'no-gap');
  }

  hover(at: ToolPoint | null): void {
    if (at === null) this.#drop();
    else if (!this.#rests(at) && this.#host.blocked() === null) this.#look(at);
  }

  exit(reason: ToolExit): void {
    this.#pressed = false;
    // Escape comes to the gesture and to the tool.
    if (reason === 'abort' && this.#at) this.#rest = this.#at.view;
    this.#drop();
  }

  accept(): boolean {
    return this.#paint();
  }

  refresh(): void {
    if (this.#at) this.#look(this.#at);
    // Has the slice read before the first press.
    else this.#ground(this.#host.centre);
  }

  /** The pointer has not moved since a gap was closed there. */
  #rests({ view }: ToolPoint): boolean {
    const rest = this.#rest;
    if (rest && Math.hypot(view.x - rest.x, view.y - rest.y) < REST) return true;
    this.#rest = null;
    return false;
  }

  #look(at: ToolPoint): void {
    this.#at = at;
    const ground = this.#ground(at.image);
    this.#reads = ground === null;
    this.#path = ground && gapPath(ground, at.image);
    this.#show();
  }

  /** Paints what is shown; false where nothing is. */
  #paint(): boolean {
    const [path, at] = [this.#path, this.#at];
    const { labels, z, brush } = this.#host;
    if (!path || !labels || labels.painting) return false;
    this.#drop();
    this.#rest = at?.view ?? null;
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return true;
    }
    const stroke = labels.beginStroke({
      z,
      label: painted(MEMBRANE),
      radius: RADIUS,
      rule: ruleOf(brush),
      name: stepNames.gap,
    });
    stroke.extend(path);
    if (!stroke.commit()) this.#host.tellBlocked('nothing-changed');
    return true;
  }

  #ground(at: Point): GapGround | null {
    const { fields, z } = this.#host;
    const window = fields.windowAt(at);
    const probability = fields.read('probability', z, window);
    const shown = fields.read('shown', z, window);
    const raw = fields.read('raw', z, window);
    if (shown.kind !== 'ready' || raw.kind !== 'ready' || probability.kind === 'loading')
      return null;
    const rect = around(at, window);
    const likely = probability.kind === 'ready' ? cut(probability.field, rect) : null;
    const walls = cut(shown.field, rect).map((label) => (label === MEMBRANE ? 1 : 0));
    const evidence = cut(raw.field, rect).map((grey, i) =>
      Math.max(likely?.[i] ?? 0, DARK * (255 - grey)),
    );
    return { walls: { rect, data: walls }, evidence: { rect, data: evidence } };
  }

  #drop(): void {
    this.#path = null;
    this.#at = null;
    this.#host.showPath(null);
  }

  #show(): void {
    const path = this.#path;
    const ends = path ? [path[0], path.at(-1)].filter((end) => end !== undefined) : [];
    this.#host.showPath(path && { points: path, corners: ends, radius: RADIUS });
  }
}

/** A square of what is read, with the point in its middle or as near to that as may be. */
function around({ x, y }: Point, window: Rect): Rect {
  const along = (middle: number, start: number, length: number): number =>
    Math.max(start, Math.min(start + length - SIDE, Math.round(middle - SIDE / 2)));
  return {
    x: along(x, window.x, window.width),
    y: along(y, window.y, window.height),
    width: Math.min(SIDE, window.width),
    height: Math.min(SIDE, window.height),
  };
}

/** A part of a field that lies within it, row by row. */
function cut({ rect: of, data }: ByteField, rect: Rect): Uint8Array {
  const part = new Uint8Array(rect.width * rect.height);
  for (let row = 0; row < rect.height; row += 1) {
    const from = (rect.y + row - of.y) * of.width + rect.x - of.x;
    part.set(data.subarray(from, from + rect.width), row * rect.width);
  }
  return part;
}
