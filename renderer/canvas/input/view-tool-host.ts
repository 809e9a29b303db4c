import type { PlaneAxis } from '#contract/planes';
import type { SliceLabels } from '#labels/slice-labels';
import type { Point } from '#labels/rasterize';
import type { Region } from '#labels/region';
import { MAX_RADIUS, MIN_RADIUS } from '#labels/stroke';
import type { FieldSource } from '../../tools/field-source';
import type {
  AreaPreview,
  BlockedReason,
  Change,
  PathPreview,
  PredictedAnswer,
  ToolHost,
} from '../../tools/tool';
import {
  defaultBrush,
  defaultToolSettings,
  type BrushSettings,
  type ToolSettings,
} from '../../tools/tool-settings';
import { loadPredicted, predictedInSight, type MaskInSight } from '../chunks/predicted-in-sight';
import type { StagePreviews } from './stage-previews';
import type { ViewCamera } from '../camera/view-camera';
import { visibleRect } from '../camera/view-geometry';
import type { ViewTopics } from '../view-events';

export interface ViewToolHostOptions {
  readonly previews: StagePreviews;
  readonly camera: ViewCamera;
  readonly topics: ViewTopics;
  readonly fields: FieldSource;
  /** The mask in sight; null while no stack is open. */
  readonly mask: () => MaskInSight | null;
  /** The slice in view; null while no stack is open. */
  readonly slice: () => { readonly session: SliceLabels; readonly z: number } | null;
  /** Why painting is not possible right now. */
  readonly blocked: (what?: Change) => BlockedReason | null;
  readonly confirm: (region: Region) => void;
  /** Null = the view looks at slices. */
  readonly plane: PlaneAxis | null;
}

/** What the host passes on to the hands around it. */
export interface HandsAround {
  readonly hoverAgain: () => void;
}

/** The view as the tools see it. */
export class ViewToolHost implements ToolHost {
  readonly fields: FieldSource;
  settings: ToolSettings = defaultToolSettings;
  readonly #options: ViewToolHostOptions;
  readonly #around: HandsAround;
  #brush: BrushSettings = defaultBrush;

  constructor(options: ViewToolHostOptions, around: HandsAround) {
    this.#options = options;
    this.#around = around;
    this.fields = options.fields;
  }

  get labels(): SliceLabels | null {
    return this.#options.slice()?.session ?? null;
  }

  get plane(): PlaneAxis | null {
    return this.#options.plane;
  }

  get z(): number {
    return this.#options.slice()?.z ?? 0;
  }

  get centre(): Point {
    return this.#options.camera.geometry.centre;
  }

  get brush(): BrushSettings {
    return this.#brush;
  }

  set brush(brush: BrushSettings) {
    const radius = Math.min(MAX_RADIUS, Math.max(MIN_RADIUS, brush.radius));
    this.#brush = { ...brush, radius };
  }

  blocked(what?: Change): BlockedReason | null {
    return this.#options.blocked(what);
  }

  tellBlocked(reason: BlockedReason): void {
    this.#options.topics.blocked.tell(reason);
  }

  async loadLabels(signal: AbortSignal): Promise<void> {
    const slice = this.#options.slice();
    const rect = visibleRect(this.#options.camera.geometry);
    await slice?.session.load(slice.z, rect, signal);
  }

  predicted(): PredictedAnswer {
    const mask = this.#options.mask();
    return mask ? predictedInSight(mask) : { kind: 'absent' };
  }

  async loadPredicted(signal: AbortSignal): Promise<PredictedAnswer> {
    const mask = this.#options.mask();
    return mask ? loadPredicted(mask, signal) : { kind: 'absent' };
  }

  panBy(dx: number, dy: number): void {
    this.#options.camera.panBy(dx, dy);
  }

  resizeBrush(radius: number): void {
    this.brush = { ...this.#brush, radius };
    this.#options.topics.brushSize.tell(this.#brush.radius);
  }

  setTolerance(tolerance: number): void {
    this.settings = { ...this.settings, tolerance };
    this.#options.topics.tolerance.tell(tolerance);
  }

  hoverAgain(): void {
    this.#around.hoverAgain();
  }

  showOutline(points: readonly Point[] | null, as?: number | 'reviewed'): void {
    this.#options.previews.showOutline(points, as);
  }

  showArea(preview: AreaPreview | null): void {
    this.#options.previews.showArea(preview);
  }

  showPath(path: PathPreview | null): void {
    this.#options.previews.showPath(path);
  }

  confirmRegion(region: Region): void {
    this.#options.confirm(region);
  }

  pick({ x, y }: Point): void {
    const at = this.#options.slice();
    const label = at?.session.tiles.labelAt(at.z, Math.floor(x), Math.floor(y));
    if (label !== undefined) this.#options.topics.picked.tell(label);
  }

  pointAt(at: Point): void {
    this.#options.topics.pointed.tell(at);
  }
}
