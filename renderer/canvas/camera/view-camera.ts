import { SQUARE, type Point } from '#labels/rasterize';
import {
  centredOn,
  fitted,
  panned,
  visibleRect,
  zoomedAt,
  type ViewGeometry,
} from './view-geometry';

/** Where the view stands over the slice; tells when that changes. */
export class ViewCamera {
  readonly #moved: () => void;
  #geometry: ViewGeometry = {
    viewWidth: 0,
    viewHeight: 0,
    pixelRatio: 1,
    imageWidth: 1,
    imageHeight: 1,
    zoom: 1,
    stretch: SQUARE,
    centre: { x: 0.5, y: 0.5 },
  };
  #fitted = true;
  /** A point to be brought into sight when the view has a size. */
  #awaited: Point | null = null;

  constructor(moved: () => void) {
    this.#moved = moved;
  }

  get geometry(): ViewGeometry {
    return this.#geometry;
  }

  /** The whole slice is fitted, and stays so when the view changes size. */
  get fitted(): boolean {
    return this.#fitted;
  }

  /** Another stack, fitted; `stretch` as in `ViewGeometry`. */
  setImage(imageWidth: number, imageHeight: number, stretch: Point = SQUARE): void {
    this.#move(fitted({ ...this.#geometry, imageWidth, imageHeight, stretch }), true);
  }

  setView(viewWidth: number, viewHeight: number, pixelRatio: number): void {
    const geometry = { ...this.#geometry, viewWidth, viewHeight, pixelRatio };
    this.#move(this.#fitted ? fitted(geometry) : geometry, this.#fitted);
    if (this.#awaited) this.reveal(this.#awaited);
  }

  /** Brings an image point into the middle where it is out of sight; a view without a size does so when it has one. */
  reveal(at: Point): void {
    this.#awaited = this.#geometry.viewWidth === 0 ? at : null;
    if (this.#awaited) return;
    const { x, y, width, height } = visibleRect(this.#geometry);
    const inside = at.x >= x && at.y >= y && at.x <= x + width && at.y <= y + height;
    if (!inside) this.place(this.#geometry.zoom, at);
  }

  fit(): void {
    this.#move(fitted(this.#geometry), true);
  }

  /** `centre` is the image point in the middle of the view. */
  place(zoom: number, centre: Point): void {
    const middle = { x: this.#geometry.viewWidth / 2, y: this.#geometry.viewHeight / 2 };
    this.#move(centredOn(zoomedAt(this.#geometry, middle, zoom), centre));
  }

  /** CSS pixels per image pixel, about the middle of the view. */
  zoomTo(zoom: number): void {
    this.place(zoom, this.#geometry.centre);
  }

  /** Zooms by a factor; the image stays under `at` (CSS pixels of the view). */
  zoomAt(at: Point, factor: number): void {
    this.#move(zoomedAt(this.#geometry, at, this.#geometry.zoom * factor));
  }

  /** Moves the image by CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.#move(panned(this.#geometry, dx, dy));
  }

  #move(geometry: ViewGeometry, fit = false): void {
    this.#geometry = geometry;
    this.#fitted = fit;
    this.#moved();
  }
}
