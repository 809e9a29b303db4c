import Konva from 'konva';
import type { Point } from '#labels/rasterize';
import type { AreaPreview, PathPreview } from '../../tools/tool';
import { AreaInk, type PreviewColour } from './area-edit';
import { deviceRect, toView, type ViewGeometry } from '../camera/view-geometry';

const DARK = 'rgba(0, 0, 0, 0.75)';
const LIGHT = '#ffffff';
const DASH = [6, 4];
/** Alpha, as hexadecimal, of an outline's fill. */
const BREATH = '2e';

interface Shapes {
  readonly layer: Konva.Layer;
  readonly area: Konva.Image;
  readonly ink: AreaInk;
  readonly outline: readonly Konva.Line[];
  /** What the path will paint, then the line itself. */
  readonly band: Konva.Line;
  readonly path: readonly Konva.Line[];
  readonly corners: Konva.Group;
}

export interface StagePreviewsOptions {
  readonly stage: Konva.Stage;
  readonly geometry: () => ViewGeometry;
  readonly colour: PreviewColour;
}

/**
 * What a tool is about to do, drawn above the picture in a layer that is there
 * only as long as there is something to show: an area, a closed outline, an
 * open line. Positions are image pixels; `place` follows the view.
 */
export class StagePreviews {
  readonly #options: StagePreviewsOptions;
  #shapes: Shapes | null = null;
  #area: AreaPreview | null = null;
  #outline: readonly Point[] | null = null;
  #outlined: number | 'reviewed' | undefined;
  #path: PathPreview | null = null;

  constructor(options: StagePreviewsOptions) {
    this.#options = options;
  }

  showArea(area: AreaPreview | null): void {
    if (area === this.#area) return;
    this.#area = area;
    this.place();
  }

  /** A closed dashed line, dark and light, with a breath of the colour of what it will become. */
  showOutline(points: readonly Point[] | null, as?: number | 'reviewed'): void {
    if (points === null && this.#outline === null) return;
    this.#outline = points;
    this.#outlined = as;
    this.place();
  }

  showPath(path: PathPreview | null): void {
    if (path === null && this.#path === null) return;
    this.#path = path;
    this.place();
  }

  /** The view or its colours changed, or what is shown did. */
  place(): void {
    const empty = !this.#area && !this.#outline && !this.#path;
    if (empty) {
      this.#shapes?.layer.destroy();
      this.#shapes = null;
      return;
    }
    this.#shapes ??= this.#make();
    this.#placeArea(this.#shapes);
    this.#placeOutline(this.#shapes);
    this.#placePath(this.#shapes);
    this.#shapes.layer.draw();
  }

  #placeArea({ area, ink }: Shapes): void {
    const preview = this.#area;
    area.visible(preview !== null && preview.area.bounds.width > 0);
    if (!preview || preview.area.bounds.width === 0) return;
    ink.ink(preview);
    const geometry = this.#options.geometry();
    const rect = deviceRect(geometry, preview.area.bounds);
    const scale = 1 / geometry.pixelRatio;
    area.position({ x: rect.x * scale, y: rect.y * scale });
    area.size({ width: rect.width * scale, height: rect.height * scale });
  }

  #placeOutline({ outline }: Shapes): void {
    const flat = this.#flat(this.#outline ?? []);
    for (const line of outline) line.visible(flat.length > 0).points(flat);
    const as = this.#outlined;
    outline.at(-1)?.fill(as === undefined ? '' : `${this.#options.colour(as)}${BREATH}`);
  }

  #placePath({ band, path, corners }: Shapes): void {
    const shown = this.#path;
    const flat = this.#flat(shown?.points ?? []);
    const width = (shown?.radius ?? 0) * 2 * this.#options.geometry().zoom;
    band
      .visible(flat.length > 0 && width > 0)
      .strokeWidth(width)
      .points(flat);
    for (const line of path) line.visible(flat.length > 0).points(flat);
    corners.destroyChildren();
    for (const corner of shown?.corners ?? []) {
      const { x, y } = toView(this.#options.geometry(), corner);
      corners.add(
        new Konva.Rect({
          ...{ x: x - 3, y: y - 3, width: 6, height: 6, listening: false },
          ...{ fill: LIGHT, stroke: DARK, strokeWidth: 1 },
        }),
      );
    }
  }

  #flat(points: readonly Point[]): number[] {
    const geometry = this.#options.geometry();
    return points.flatMap((point) => {
      const { x, y } = toView(geometry, point);
      return [x, y];
    });
  }

  #make(): Shapes {
    const { stage, colour, geometry } = this.#options;
    const layer = new Konva.Layer({ listening: false, imageSmoothingEnabled: false });
    stage.add(layer);
    layer.getCanvas().setPixelRatio(geometry().pixelRatio);
    const ink = new AreaInk(colour);
    const base = {
      listening: false,
      perfectDrawEnabled: false,
      lineJoin: 'round' as const,
      lineCap: 'round' as const,
    };
    const area = new Konva.Image({ ...base, image: ink.canvas });
    const line = (more: Konva.LineConfig): Konva.Line => new Konva.Line({ ...base, ...more });
    const outline = [
      line({ closed: true, stroke: DARK, strokeWidth: 3 }),
      line({ closed: true, stroke: LIGHT, strokeWidth: 1.5, dash: DASH }),
    ];
    const band = line({ stroke: 'rgba(255, 255, 255, 0.35)' });
    const path = [
      line({ stroke: DARK, strokeWidth: 3 }),
      line({ stroke: LIGHT, strokeWidth: 1.5, dash: DASH }),
    ];
    const corners = new Konva.Group({ listening: false });
    layer.add(area, band, ...path, ...outline, corners);
    return { layer, area, ink, outline, band, path, corners };
  }
}
