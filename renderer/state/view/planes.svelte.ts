import type { PlaneLayout, ViewState as SavedView, VoxelSize } from '#contract/entities';
import { placeIn, type PlaneAxis, type StackExtent, type Voxel } from '#contract/planes';
import { SQUARE, type Point } from '#labels/rasterize';
import type { Hand, ViewState } from './view.svelte';

/** A view of the stack: its slices, or planes at right angles to them. */
export type Pane = 'xy' | PlaneAxis;

/** In the order in which a key goes through them. */
export const panes: readonly Pane[] = ['xy', 'xz', 'yz'];

/** Length and height of a pixel of a plane, in pixels of a slice; cubes where the voxel size is not known. */
export function stretchOf(axis: PlaneAxis, size: VoxelSize | null): Point {
  const along = axis === 'xz' ? size?.x : size?.y;
  if (size?.z == null || along == null || along <= 0 || size.z <= 0) return SQUARE;
  const thick = size.z / along;
  return axis === 'xz' ? { x: 1, y: thick } : { x: thick, y: 1 };
}

/** Which planes are shown, which of them has the keys, and the point where they cross. */
export class PlanesState {
  layout = $state<PlaneLayout>('xy');
  /** Where the planes cross; its slice is the one in view. */
  x = $state(0);
  y = $state(0);
  readonly #view: ViewState;
  #extent = $state.raw<StackExtent>({ width: 1, height: 1, depth: 1 });
  #chosen = $state<Pane>('xy');
  /** CSS pixels per pixel of a slice, in each view of planes. */
  scales = $state.raw<Readonly<Record<PlaneAxis, number>>>({ xz: 1, yz: 1 });
  #hands = $state.raw<Partial<Record<PlaneAxis, Hand>>>({});

  /** The pane that keys are meant for. */
  readonly active = $derived<Pane>(this.layout === 'four' ? this.#chosen : this.layout);
  /** The point where they cross is shown: with slices alone there is none. */
  readonly crossing = $derived(this.layout !== 'xy');
  /** CSS pixels per pixel of a slice, in the pane that has the keys. */
  readonly scale = $derived.by((): number =>
    this.active === 'xy' ? this.#view.scale : this.scales[this.active],
  );
  readonly point = $derived.by((): Voxel => ({ x: this.x, y: this.y, z: this.#view.z }));

  constructor(view: ViewState) {
    this.#view = view;
  }

  start(saved: SavedView, extent: StackExtent): void {
    this.#extent = extent;
    this.layout = saved.planes?.layout ?? 'xy';
    this.#chosen = 'xy';
    this.moveTo({
      x: saved.planes?.x ?? Math.floor(extent.width / 2),
      y: saved.planes?.y ?? Math.floor(extent.height / 2),
    });
  }

  shows(pane: Pane): boolean {
    return this.layout === 'four' || this.layout === pane;
  }

  /** Another layout. The point where planes cross is brought into what is seen of the slice first. */
  show(layout: PlaneLayout): void {
    if (this.layout === 'xy' && layout !== 'xy') this.#bringIntoSight();
    if (layout !== 'xy' && this.layout !== 'four') this.#chosen = this.active;
    this.layout = layout;
  }

  /** Slices come into view, for what works on them alone. */
  showSlices(): void {
    if (!this.shows('xy')) this.show('xy');
    this.choose('xy');
  }

  /** The next plane: of four panes the next one gets the keys, of a single one the next comes into view. */
  next(): void {
    const pane = panes[(panes.indexOf(this.active) + 1) % panes.length] ?? 'xy';
    if (this.layout === 'four') this.#chosen = pane;
    else this.show(pane);
  }

  /** Keys are meant for this pane from now on. */
  choose(pane: Pane): void {
    this.#chosen = pane;
  }

  /** What of the point is said moves there, within the stack. */
  moveTo({ x = this.x, y = this.y, z }: Partial<Voxel>): void {
    const { width, height } = this.#extent;
    this.x = within(x, width);
    this.y = within(y, height);
    if (z !== undefined) this.#view.goTo(Math.floor(z));
  }

  /** Which plane of an axis is in view. */
  index(axis: PlaneAxis): number {
    return placeIn(axis, this.point).index;
  }

  /** Planes of an axis that there are. */
  count(axis: PlaneAxis): number {
    return axis === 'xz' ? this.#extent.height : this.#extent.width;
  }

  /** Goes to a plane of an axis, or the nearest there is. */
  goTo(axis: PlaneAxis, index: number): void {
    this.moveTo(axis === 'xz' ? { y: index } : { x: index });
  }

  /** A mounted view lends itself to commands; returns the disposer. */
  mounted(axis: PlaneAxis, hand: Hand): () => void {
    this.#hands = { ...this.#hands, [axis]: hand };
    return () => {
      const { [axis]: own, ...others } = this.#hands;
      if (own === hand) this.#hands = others;
    };
  }

  /** What commands move and press in: the pane that has the keys. */
  get hand(): Hand | null {
    const { active } = this;
    return (active === 'xy' ? this.#view.picture : this.#hands[active]) ?? null;
  }

  /** Planes that don't cut a box of changed voxels go to it. */
  bring({ x, y, width, height }: { x: number; y: number; width: number; height: number }): void {
    const inBox = (at: number, from: number, length: number): number =>
      at >= from && at < from + length ? at : Math.floor(from + length / 2);
    if (this.shows('yz')) this.moveTo({ x: inBox(this.x, x, width) });
    if (this.shows('xz')) this.moveTo({ y: inBox(this.y, y, height) });
  }

  #bringIntoSight(): void {
    const sight = this.#view.picture?.sight();
    if (!sight || sight.width === 0 || sight.height === 0) return;
    const { x, y, width, height } = sight;
    const inside = this.x >= x && this.y >= y && this.x < x + width && this.y < y + height;
    if (!inside) this.moveTo({ x: x + width / 2, y: y + height / 2 });
  }
}

function within(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.floor(at)));
}
