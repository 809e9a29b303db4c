import {
  noConditioning,
  sameConditioning,
  trustIn,
  type Arrangement,
  type BadBlock,
  type ConditioningView,
  type Coverage,
  type LabelClass,
  type NoTissue,
  type ProjectView,
  type RemovedItem,
  type StackTrust,
  type VoxelSize,
} from '#contract/entities';
import type { EventPayload } from '#contract/events';
import type { GrantId, ModelId } from '#contract/ids';
import type { IdLayer } from '../canvas/view-types';
import { Listeners } from '#labels/listeners';
import { noPace, secondsToGo, withReview, type ReviewPace } from './looking/review-pace';

/** Nothing was chosen, measured or made under anything else. */
const plainConditioning: ConditioningView = { chosen: null, trust: null, stale: [] };

export const allTissue: NoTissue = { areas: [], note: '' };

const predictionKey = (model: ModelId, z: number): string => `${model}/${String(z)}`;

/** The open project: its stack, what was reviewed, and which slices were predicted. */
export class ProjectState {
  open = $state.raw<ProjectView | null>(null);
  /** Name of what is being opened, while it is. */
  opening = $state<string | null>(null);
  /** A stack that could not be opened for want of a folder for its project. */
  waiting: { readonly grant: GrantId; readonly name: string } | null = null;
  /** As the last step left them, undone ones included. */
  classes = $state.raw<readonly LabelClass[]>([]);
  /** Stacks and layers as the last step left them. */
  arrangement = $state.raw<Arrangement>([]);
  /** What was removed and can come back, as main told last. */
  removed = $state.raw<readonly RemovedItem[]>([]);
  /** The stack whose name is being typed. */
  renamingStack = $state<string | null>(null);
  /** The layer whose name is being typed. */
  renamingLayer = $state<string | null>(null);
  voxelSize = $state.raw<VoxelSize | null>(null);
  askVoxelSize = $state(false);
  badBlocks = $state.raw<readonly BadBlock[]>([]);
  /** Where the slice shown holds no tissue. */
  noTissue = $state.raw<NoTissue>(allTissue);
  /** How slices are shown to models, and how far these can be trusted. */
  conditioning = $state.raw<ConditioningView>(plainConditioning);
  /** It changed in this window, and nobody has said that they know. */
  conditioningNews = $state(false);
  readonly #stale = $derived(
    new Set(this.conditioning.stale.map(({ model, z }) => predictionKey(model, z))),
  );
  #coverage = $state.raw<ReadonlyMap<number, Coverage>>(new Map());
  readonly #predicted = new Listeners<readonly [ModelId, readonly number[]]>();
  #predictions = $state.raw<ReadonlySet<string>>(new Set());

  readonly readOnly = $derived(this.open?.access.kind === 'read-only');
  readonly slicePixels = $derived(
    this.open === null ? 0 : this.open.stack.info.width * this.open.stack.info.height,
  );
  /** Layers of ids of the stack in the window that are drawn, the first on top. */
  readonly idLayers = $derived.by((): readonly IdLayer[] => {
    if (this.open === null) return [];
    const { id: project, stack } = this.open;
    const layers = this.arrangement.find(({ id }) => id === stack.id)?.layers ?? [];
    return layers
      .filter(({ kind, hidden }) => kind === 'cells' && !hidden)
      .map(({ id, name }) => ({ project, stack: stack.id, layer: id, name }));
  });
  readonly paintedPixels = $derived.by(() => {
    let sum = 0;
    for (const slice of this.#coverage.values()) sum += slice.painted;
    return sum;
  });
  readonly confirmedPixels = $derived.by(() => {
    let sum = 0;
    for (const slice of this.#coverage.values()) sum += slice.confirmed;
    return sum;
  });
  readonly reviewedPixels = $derived(this.paintedPixels + this.confirmedPixels);
  /** Reviewed area in slices: 2.4 = two and a bit. */
  readonly reviewedSlices = $derived(
    this.slicePixels === 0 ? 0 : this.reviewedPixels / this.slicePixels,
  );

  /** Slices that are still to be reviewed. */
  readonly slicesLeft = $derived(
    this.open === null ? 0 : Math.max(0, this.open.stack.info.depth - this.reviewedSlices),
  );
  #pace = $state.raw<ReviewPace>(noPace);
  /** Seconds that the rest will take at the pace since opening; null while too little is known. */
  readonly secondsLeft = $derived(secondsToGo(this.#pace, this.slicesLeft));

  show(view: ProjectView): void {
    this.open = view;
    this.opening = null;
    this.classes = view.classes;
    this.arrangement = view.arrangement;
    this.removed = view.removed;
    this.voxelSize = view.stack.info.voxelSize;
    this.askVoxelSize =
      view.access.kind === 'read-write' &&
      view.stack.info.voxelSize.z === null &&
      view.stack.info.voxelSize.source !== 'user';
    this.badBlocks = [];
    this.noTissue = allTissue;
    this.#coverage = new Map(view.coverage.map((slice) => [slice.z, slice]));
    this.#predictions = new Set(view.predictions.map(({ model, z }) => predictionKey(model, z)));
    this.conditioning = view.conditioning;
    this.conditioningNews = false;
    this.#pace = withReview(noPace, performance.now(), this.reviewedSlices);
  }

  close(): void {
    this.open = null;
    this.opening = null;
    this.classes = [];
    this.arrangement = [];
    this.removed = [];
    this.voxelSize = null;
    this.askVoxelSize = false;
    this.badBlocks = [];
    this.noTissue = allTissue;
    this.#coverage = new Map();
    this.#predictions = new Set();
    this.conditioning = plainConditioning;
  }

  cover(slices: readonly Coverage[]): void {
    const next = new Map(this.#coverage);
    for (const slice of slices) next.set(slice.z, slice);
    this.#coverage = next;
    this.#pace = withReview(this.#pace, performance.now(), this.reviewedSlices);
  }

  /** Hears of slices whose prediction is new or out of view; returns the disposer. */
  onPredicted(listener: (model: ModelId, slices: readonly number[]) => void): () => void {
    return this.#predicted.add(([model, slices]) => {
      listener(model, slices);
    });
  }

  predicted(model: ModelId, slices: readonly number[]): void {
    const next = new Set(this.#predictions);
    for (const z of slices) next.add(predictionKey(model, z));
    this.#predictions = next;
    const { stale } = this.conditioning;
    // Made anew, so under the conditioning that counts now.
    const left = stale.filter((one) => one.model !== model || !slices.includes(one.z));
    if (left.length < stale.length) this.conditioning = { ...this.conditioning, stale: left };
    this.#predicted.tell([model, slices]);
  }

  /** Takes predictions out of view. */
  withdraw(model: ModelId, slices: readonly number[]): void {
    const next = new Set(this.#predictions);
    for (const z of slices) next.delete(predictionKey(model, z));
    this.#predictions = next;
    this.#predicted.tell([model, slices]);
  }

  /** What main says of the project after a step; a prediction whose file is gone is not in view. */
  settle({ classes, arrangement, removed, predictions }: EventPayload<'project.changed'>): void {
    this.classes = classes;
    this.arrangement = arrangement;
    this.removed = removed;
    this.#predictions = new Set(predictions.map(({ model, z }) => predictionKey(model, z)));
  }

  hasPrediction(model: ModelId | null, z: number): boolean {
    return model !== null && this.#predictions.has(predictionKey(model, z));
  }

  /** How far a version can be trusted here, as far as it was measured under the conditioning that counts now. */
  trustIn(model: ModelId | null): StackTrust | null {
    const { trust, chosen } = this.conditioning;
    return trustIn(trust, model, chosen?.value ?? noConditioning);
  }

  /** A prediction that was made under another conditioning than the one that counts now. */
  isStale(model: ModelId | null, z: number): boolean {
    return model !== null && this.#stale.has(predictionKey(model, z));
  }

  /** Main's word on how slices are shown to models; a change is told until it is acknowledged. */
  takeConditioning(view: ConditioningView): void {
    const before = this.conditioning.chosen?.value ?? noConditioning;
    const after = view.chosen?.value ?? noConditioning;
    if (!sameConditioning(before, after)) this.conditioningNews = true;
    this.conditioning = view;
  }

  predictedCount(model: ModelId | null): number {
    if (model === null) return 0;
    let count = 0;
    for (const key of this.#predictions) if (key.startsWith(`${model}/`)) count += 1;
    return count;
  }

  /** Reviewed pixels of a slice. */
  reviewedPixelsOf(z: number): number {
    const slice = this.#coverage.get(z);
    return slice === undefined ? 0 : slice.painted + slice.confirmed;
  }

  /** Shares of a slice's pixels that were painted, and that were confirmed, 0…1. */
  reviewShares(z: number): { readonly painted: number; readonly confirmed: number } {
    const slice = this.#coverage.get(z);
    const of = (pixels: number): number => Math.min(1, pixels / Math.max(1, this.slicePixels));
    return { painted: of(slice?.painted ?? 0), confirmed: of(slice?.confirmed ?? 0) };
  }

  /** Share of a slice's pixels that were painted or confirmed, 0…1. */
  reviewedShare(z: number): number {
    const slice = this.#coverage.get(z);
    if (slice === undefined || this.slicePixels === 0) return 0;
    return Math.min(1, (slice.painted + slice.confirmed) / this.slicePixels);
  }
}
