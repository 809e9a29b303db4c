import type { ByteField } from '#labels/byte-field';
import { RidgePath } from '#labels/operations/ridge-path';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { ruleOf } from './area-commit';
import { sliceRect } from './slice-rect';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** Pixels searched a frame for a way to the pointer, so that a far one stops nobody's hand. */
const SEARCHED = 40_000;

/**
 * Follows a membrane from click to click: between two of them the line runs
 * along the ridge of the prediction, or without one along what is dark in the
 * image. Enter or a double click paints the whole line with the brush as one
 * step; Backspace takes the last leg back, Escape all of it.
 */
export class FollowTool implements Tool {
  readonly clicks = true;
  readonly #host: ToolHost;
  #start: Point | null = null;
  #legs: (readonly Point[])[] = [];
  #ridge: RidgePath | null = null;
  #live: readonly Point[] = [];
  #hover: Point | null = null;
  /** Pressed while the slice was still being read: begins there as soon as it is. */
  #early: Point | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    return this.#start ? 'following' : 'idle';
  }

  press({ image }: ToolPoint): void {
    if (!this.#start) {
      this.#begin(image);
      return;
    }
    const leg = this.#ridge?.to(this.#clipped(image)) ?? [];
    if (leg.length < 2) return;
    this.#legs.push(leg);
    this.#live = [];
    this.#aim();
    this.#show();
  }

  drag(): void {
    // A leg ends where it was pressed.
  }

  release(): void {
    // A leg ends where it was pressed.
  }

  hover(at: ToolPoint | null): void {
    this.#hover = at && this.#clipped(at.image);
    if (!this.#start) return;
    this.#look();
    this.#show();
  }

  back(): boolean {
    if (!this.#start) return false;
    if (this.#legs.pop() === undefined) this.#drop();
    else {
      this.#aim();
      this.#look();
      this.#show();
    }
    return true;
  }

  exit(reason: ToolExit): void {
    if (reason !== 'lost') this.#drop();
  }

  accept(): boolean {
    if (!this.#start) return false;
    const path = this.#legs.flat();
    this.#drop();
    const { labels, z, brush } = this.#host;
    if (!labels || labels.painting || path.length === 0) return true;
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return true;
    }
    const stroke = labels.beginStroke({
      z,
      label: brush.label,
      radius: brush.radius,
      rule: ruleOf(brush),
      name: stepNames.follow,
    });
    stroke.extend(path);
    if (!stroke.commit()) this.#host.tellBlocked('nothing-changed');
    return true;
  }

  refresh(): void {
    if (this.#early) this.#begin(this.#early);
    else if (this.#start) this.#show();
    // Has the slice read before the first press.
    else this.#field(this.#host.centre);
  }

  /** The way to the pointer; straight as long as it is still being searched. */
  #look(): void {
    const [hover, ridge] = [this.#hover, this.#ridge];
    this.#live = [];
    if (!hover || !ridge) return;
    if (ridge.search(hover, SEARCHED)) this.#live = ridge.to(hover);
    else {
      this.#live = [hover];
      this.#host.hoverAgain();
    }
  }

  #begin(at: Point): void {
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    this.#start = this.#clipped(at);
    this.#aim();
    if (this.#ridge) {
      this.#early = null;
      this.#show();
    } else {
      this.#drop();
      this.#early = at;
    }
  }

  /** A ridge path from where the line ends now. */
  #aim(): void {
    const from = this.#legs.at(-1)?.at(-1) ?? this.#start;
    const field = from && this.#field(from);
    this.#ridge = field ? new RidgePath(field, from) : null;
  }

  #field(at: Point): ByteField | null {
    const { fields, z } = this.#host;
    const window = fields.windowAt(at);
    const probability = fields.read('probability', z, window);
    if (probability.kind === 'ready') return probability.field;
    const raw = probability.kind === 'absent' ? fields.read('raw', z, window) : null;
    return raw?.kind === 'ready' ? inverted(raw.field) : null;
  }

  #clipped({ x, y }: Point): Point {
    const { width, height } = sliceRect(this.#host);
    return {
      x: Math.min(Math.max(x, 0.5), Math.max(0.5, width - 0.5)),
      y: Math.min(Math.max(y, 0.5), Math.max(0.5, height - 0.5)),
    };
  }

  #drop(): void {
    this.#start = null;
    this.#early = null;
    this.#legs = [];
    this.#ridge = null;
    this.#live = [];
    this.#host.showPath(null);
  }

  #show(): void {
    const start = this.#start;
    if (!start) return;
    const ends = this.#legs.flatMap((leg) => leg.slice(-1));
    this.#host.showPath({
      points: [start, ...this.#legs.flat(), ...this.#live],
      corners: [start, ...ends],
      radius: this.#host.brush.radius,
    });
  }
}

/** Dark becomes bright: membranes are dark in the image. */
function inverted({ rect, data }: ByteField): ByteField {
  return { rect, data: data.map((value) => 255 - value) };
}
