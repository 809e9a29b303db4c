import type { Point } from '#labels/rasterize';
import { frameOn, isZoomedIn, mapSize, mapToImage } from './minimap-geometry';
import type { SliceView } from '../slice-view';

/** Part of the view that an arrow key moves it by. */
const KEY_STEP = 0.2;

/**
 * The slice in small, with a frame around what is in sight; shown only while
 * something is out of sight. Pressing and dragging moves the view, and so do
 * the arrow keys. Its element hides itself: nothing of it passes through
 * window state, and it is drawn anew only when another slice comes or the
 * contrast changes.
 */
export class Minimap {
  readonly #element: HTMLElement;
  readonly #view: SliceView;
  readonly #canvas = document.createElement('canvas');
  readonly #frame = document.createElement('div');
  readonly #stop = new AbortController();
  readonly #disposers: readonly (() => void)[];
  /** What the small picture shows, to tell when it is another one. */
  #drawn = '';
  #z = -1;
  #stale = true;

  /** `element` gets the size of the map; hidden while the whole slice is in sight. */
  constructor(element: HTMLElement, view: SliceView) {
    this.#element = element;
    this.#view = view;
    this.#frame.dataset['part'] = 'frame';
    element.prepend(this.#canvas, this.#frame);
    this.#listen();
    this.#disposers = [
      view.onViewChange(({ z }) => {
        if (z !== this.#z) this.#stale = true;
        this.#z = z;
        this.#follow();
      }),
      view.onDrawn(({ kind }) => {
        // A stroke changes nothing that the map shows.
        if (kind === 'view' && !element.hidden) this.#draw();
      }),
      view.onWindow(() => {
        this.#stale = true;
      }),
    ];
    this.#follow();
    this.#draw();
  }

  dispose(): void {
    this.#stop.abort();
    for (const dispose of this.#disposers) dispose();
    this.#canvas.remove();
    this.#frame.remove();
  }

  #follow(): void {
    const { geometry } = this.#view.camera;
    const hidden = !isZoomedIn(geometry);
    if (this.#element.hidden !== hidden) this.#element.hidden = hidden;
    if (hidden) return;
    const { x, y, width, height } = frameOn(geometry);
    const { style } = this.#frame;
    style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    style.width = `${width.toFixed(1)}px`;
    style.height = `${height.toFixed(1)}px`;
  }

  #draw(): void {
    const { geometry } = this.#view.camera;
    const { width, height } = mapSize(geometry);
    const size = [width, height, geometry.pixelRatio].join(' ');
    if (size === this.#drawn && !this.#stale) return;
    const picture = this.#view.overview();
    const context = this.#canvas.getContext('2d');
    if (!picture || !context) return;
    this.#drawn = size;
    this.#stale = false;
    this.#element.style.width = `${String(width)}px`;
    this.#element.style.height = `${String(height)}px`;
    this.#canvas.width = Math.round(width * geometry.pixelRatio);
    this.#canvas.height = Math.round(height * geometry.pixelRatio);
    context.imageSmoothingQuality = 'high';
    const { canvas } = picture;
    context.drawImage(
      canvas,
      ...([0, 0, picture.width, picture.height] as const),
      ...([0, 0, this.#canvas.width, this.#canvas.height] as const),
    );
  }

  #listen(): void {
    const { signal } = this.#stop;
    const element = this.#element;
    const go = (event: PointerEvent): void => {
      const box = this.#canvas.getBoundingClientRect();
      this.#show({ x: event.clientX - box.left, y: event.clientY - box.top });
    };
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
        event.preventDefault();
        element.setPointerCapture(event.pointerId);
        go(event);
      },
      { signal },
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        if (element.hasPointerCapture(event.pointerId)) go(event);
      },
      { signal },
    );
    element.addEventListener(
      'keydown',
      (event) => {
        const { viewWidth, viewHeight } = this.#view.camera.geometry;
        const [across, down] = [viewWidth * KEY_STEP, viewHeight * KEY_STEP];
        const steps: Partial<Record<string, readonly [number, number]>> = {
          ArrowLeft: [across, 0],
          ArrowRight: [-across, 0],
          ArrowUp: [0, down],
          ArrowDown: [0, -down],
        };
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        this.#view.camera.panBy(...step);
      },
      { signal },
    );
  }

  #show(at: Point): void {
    const { camera } = this.#view;
    camera.place(camera.geometry.zoom, mapToImage(camera.geometry, at));
  }
}
