import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { ProjectView } from '#contract/entities';
import { pixelUrl } from '#contract/pixel-url';
import { knownClass } from '#contract/mask/class-mask';
import { placeIn, planeExtent, voxelOf, type PlaneAxis, type Voxel } from '#contract/planes';
import type { Rect } from '#contract/tiles';
import type { LabelSession } from '#labels/label-session';
import { PlaneLabels } from '#labels/plane-labels';
import type { Point } from '#labels/rasterize';
import { fetchPixels } from '../../api/pixels';
import { planeSource } from '../../canvas/chunks/plane-source';
import { recordDrawing } from '../../canvas/draw/drawing-record';
import { SliceView } from '../../canvas/slice-view';
import { abortSignalOf } from '../../state/abort-signal';
import type { Topics } from '../../state/topics';
import { followLook } from './follow-look.svelte';
import { handOf, middleOf, shownModelOf, takeKeys, takePicked, tellFailure } from './plane-parts';
import { whyBlocked } from './why-blocked';

/** What a pane shows about its plane. */
export interface PlaneNews {
  /** CSS pixels per pixel of a slice. */
  readonly scale: (scale: number) => void;
  /** Some of the plane in view is still being read. */
  readonly reading: (reading: boolean) => void;
  /** Some of the plane in view can't be read. */
  readonly damaged: (damaged: boolean) => void;
}

export interface MountedPlane {
  readonly project: ProjectView;
  readonly session: LabelSession;
  readonly axis: PlaneAxis;
  /** As of `TurnedView`. */
  readonly stretch: Point;
}

/** Longest that a plane takes to come before it is said that it is being read, in ms. */
const PATIENCE = 250;

/** What can't be read of planes that were looked at, by plane and tile. */
class Gaps {
  readonly #planes = new Map<number, Map<string, readonly Rect[]>>();

  constructor(private readonly changed: (index: number) => void) {}

  take(index: number, key: string, areas: readonly Rect[]): void {
    const plane = this.#planes.get(index) ?? new Map<string, readonly Rect[]>();
    if (areas.length === 0 && !plane.has(key)) return;
    this.#planes.set(index, plane.set(key, areas));
    this.changed(index);
  }

  /** Those of the finest level that told any. */
  of(index: number): readonly Rect[] {
    return [...(this.#planes.get(index)?.values() ?? [])].flat();
  }
}

function listen(picture: SliceView, topics: Topics, mounted: MountedPlane, element: HTMLElement) {
  const { axis } = mounted;
  const { view, planes, brush, notices, models } = topics;
  const voxel = ({ x, y }: Point): Voxel =>
    voxelOf(axis, planes.index(axis), Math.floor(x), Math.floor(y));
  return [
    picture.onPointerInfo((info) => {
      if (info === null) {
        view.pointer = null;
        return;
      }
      const at = voxel(info);
      const { currentId } = models;
      const predicted = currentId !== null && shownModelOf(topics, currentId, at.z) !== null;
      view.pointer = { ...info, ...at, probability: predicted ? info.probability : null };
    }),
    picture.onSliceStep((steps) => {
      planes.goTo(axis, planes.index(axis) + steps);
    }),
    picture.onBrushSize((radius) => {
      brush.resize(radius);
    }),
    picture.onToolState((path) => {
      brush.path = path;
    }),
    picture.onBlocked((reason) => {
      notices.toast(whyBlocked(reason, topics), 'warning');
    }),
    picture.onPicked((label) => {
      takePicked(label, topics);
    }),
    picture.onPointed((at) => {
      planes.moveTo(voxel(at));
    }),
    picture.onRightClick(({ image, view: at }) => {
      const box = element.getBoundingClientRect();
      view.menu = { x: box.left + at.x, y: box.top + at.y, pixel: voxel(image) };
    }),
    picture.onFailure((error) => {
      tellFailure(error, topics);
    }),
  ];
}

/** Predictions that are new, out of view, or stood in for: every plane crosses their slices. */
function refreshPredictions(picture: SliceView, topics: Topics, count: number): () => void {
  const { models, comparison, project } = topics;
  const all = Array.from({ length: count }, (_, index) => index);
  $effect(() => {
    const { currentId } = models;
    const { versions } = comparison;
    const used = versions === null ? [currentId] : [versions.before, versions.after];
    for (const model of used) if (model !== null) picture.refreshPrediction(model, all);
  });
  return project.onPredicted((model) => {
    const { currentId } = models;
    picture.refreshPrediction(model, all);
    if (currentId !== null && currentId !== model) picture.refreshPrediction(currentId, all);
  });
}

/** What the topics hold of a plane goes to its view, each thing when it changes. */
function follow(picture: SliceView, topics: Topics, axis: PlaneAxis, gaps: Gaps): void {
  const { planes, mask, classMasks, models } = topics;
  const index = $derived(planes.index(axis));
  followLook(picture, topics);
  $effect(() => {
    picture.showSlice(index);
    picture.setUnreadable(gaps.of(index));
  });
  $effect(() => {
    picture.setCross(middleOf(placeIn(axis, planes.point)));
  });
  $effect(() => {
    picture.look.setMask(mask.thresholds);
    picture.look.setFound(classMasks.foundBy(models.currentId));
  });
}

function mount(
  topics: Topics,
  mounted: MountedPlane,
  news: PlaneNews,
  element: HTMLDivElement,
): () => void {
  const { planes } = topics;
  const { project, session, axis, stretch } = mounted;
  const { id, info } = project.stack;
  const extent = planeExtent(axis, info);
  const picture = new SliceView(element, { axis, stretch }, () => planes.active === axis);
  const labels = new PlaneLabels({
    ...{ session, axis, stretch, stack: info },
    fetchTile: async (index, tx, ty, signal) => {
      const layer = { kind: 'labels', project: project.id, layer: project.layer } as const;
      const url = pixelUrl({ kind: 'plane', layer, stack: id, axis, index, level: 0, tx, ty });
      return (await fetchPixels(url, signal && abortSignalOf(signal)))?.bytes ?? null;
    },
  });
  const gaps: Gaps = new Gaps((index) => {
    if (index !== planes.index(axis)) return;
    picture.setUnreadable(gaps.of(index));
    news.damaged(gaps.of(index).length > 0);
  });
  const source = planeSource({
    ...{ stack: id, axis },
    mapOf: (model, name) => knownClass(topics.models.find(model), { name })?.id ?? null,
    shownModel: (model, z) => shownModelOf(topics, model, z),
    gaps: (index, key, areas) => {
      gaps.take(index, key, areas);
    },
  });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const stopWaiting = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    news.reading(false);
  };
  const disposers = [
    ...listen(picture, topics, mounted, element),
    takeKeys(element, planes, axis),
    picture.onViewChange(({ zoom }) => {
      news.scale(zoom);
    }),
    picture.onDrawn(({ complete }) => {
      if (complete) stopWaiting();
    }),
    recordDrawing(picture, session, axis),
    session.onIds(() => {
      picture.refreshIds();
    }),
  ];
  const labelled = (): boolean => topics.project.reviewedPixels > 0 || session.unsaved().length > 0;
  picture.setStack({ ...info, ...extent }, source, labels, labelled);
  follow(picture, topics, axis, gaps);
  const index = $derived(planes.index(axis));
  $effect(() => {
    const areas = gaps.of(index);
    untrack(() => {
      news.damaged(areas.length > 0);
      stopWaiting();
      waiting = setTimeout(() => {
        news.reading(true);
      }, PATIENCE);
    });
  });
  disposers.push(
    refreshPredictions(picture, topics, extent.depth),
    planes.mounted(axis, handOf(picture)),
  );
  return () => {
    stopWaiting();
    topics.view.pointer = null;
    for (const dispose of disposers) dispose();
    picture.dispose();
    labels.dispose();
  };
}

/** Puts a view of planes into an element, and keeps it in step with the topics, both ways. */
export function mountPlane(
  topics: Topics,
  mounted: MountedPlane,
  news: PlaneNews,
): Attachment<HTMLDivElement> {
  return (element) => untrack(() => mount(topics, mounted, news, element));
}
