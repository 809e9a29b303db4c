import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { ProjectView } from '#contract/entities';
import type { ModelId, StackId } from '#contract/ids';
import { knownClass } from '#contract/mask/class-mask';
import type { LabelSession } from '#labels/label-session';
import { recordDrawing } from '../../canvas/draw/drawing-record';
import { Minimap } from '../../canvas/camera/minimap';
import type { Course } from '../../canvas/chunks/prefetch-policy';
import { SliceView } from '../../canvas/slice-view';
import { visibleRect } from '../../canvas/camera/view-geometry';
import { pixelSource, type TileSource } from '../../canvas/chunks/tile-source';
import type { EarlierMask } from '../../canvas/view-types';
import { comparisonMissing } from '../../commands/model-commands';
import type { Topics } from '../../state/topics';
import { followLook } from './follow-look.svelte';
import { listenForMenuKey } from './menu-key';
import { handOf, middleOf, shownModelOf, takeKeys, takePicked, tellFailure } from './plane-parts';
import { whyBlocked } from './why-blocked';

/** What the picture tells goes to the topics. */
function listen(picture: SliceView, topics: Topics, element: HTMLElement): (() => void)[] {
  const { view, planes, brush, notices } = topics;
  return [
    picture.onViewChange(({ zoom, centre, fitted }) => {
      view.scale = zoom;
      view.zoom = fitted ? null : zoom;
      view.centre = fitted ? null : centre;
    }),
    picture.onPointerInfo((info) => {
      // A hidden picture has no pixel under the pointer: the plane in view tells.
      if (planes.shows('xy')) view.pointer = info;
    }),
    picture.onSliceStep((steps) => {
      view.turnBy(steps);
    }),
    picture.onSliceChosen((z) => {
      view.goTo(z);
    }),
    picture.onDrawn(({ z, complete }) => {
      if (complete) view.cameUp(z);
    }),
    picture.onBrushSize((radius) => {
      brush.resize(radius);
    }),
    picture.onTolerance((tolerance) => {
      brush.setTolerance(tolerance);
    }),
    picture.onToolState((path) => {
      brush.path = path;
    }),
    picture.onProposal((proposal) => {
      brush.proposal = proposal;
    }),
    picture.onBlocked((reason) => {
      notices.toast(whyBlocked(reason, topics), 'warning');
    }),
    picture.onPicked((label) => {
      takePicked(label, topics);
    }),
    picture.onPointed((at) => {
      planes.moveTo(at);
    }),
    picture.onRightClick(({ image, view: at }) => {
      const box = element.getBoundingClientRect();
      const pixel = { x: Math.floor(image.x), y: Math.floor(image.y) };
      view.menu = { x: box.left + at.x, y: box.top + at.y, pixel };
    }),
    picture.onFailure((error) => {
      tellFailure(error, topics);
    }),
  ];
}

/** What the topics hold of slices goes to the picture, each thing when it changes. */
function follow(picture: SliceView, topics: Topics): void {
  const { view, planes, models, mask, classMasks, comparison, project, loop } = topics;
  const maskOf = (model: ModelId): EarlierMask => {
    return { model, mask: mask.of(model), found: classMasks.foundBy(model) };
  };
  followLook(picture, topics);
  const course: Course = {
    get ahead() {
      return untrack(() => view.ahead);
    },
    get hurried() {
      return view.hurried;
    },
  };
  $effect(() => {
    picture.showSlice(view.z, course);
  });
  let crossed = false;
  $effect(() => {
    const at = middleOf(planes.point);
    picture.setCross(planes.crossing ? at : null);
    // Back from the planes, the point that was looked at there is in sight.
    if (crossed && !planes.crossing) picture.camera.reveal(at);
    crossed = planes.crossing;
  });
  $effect(() => {
    picture.setUnreadable(project.badBlocks);
  });
  $effect(() => {
    picture.setEmpty(project.noTissue.areas);
  });
  $effect(() => {
    const { versions, side } = comparison;
    const before = versions !== null && side === 'swipe' ? versions.before : null;
    picture.showBeside(before === null ? null : maskOf(before));
  });
  $effect(() => {
    if (comparison.side === 'swipe') picture.setDivider(comparison.divider);
  });
  $effect(() => {
    const { versions, side } = comparison;
    const { shownModel, sliceIsOld } = loop;
    const other =
      versions !== null && comparison.shownModel !== models.currentId
        ? versions[side === 'before' ? 'before' : 'after']
        : sliceIsOld
          ? shownModel
          : null;
    picture.look.setMask(other === null ? mask.thresholds : mask.of(other));
    picture.look.setFound(classMasks.foundBy(other ?? models.currentId));
    picture.showChanged(
      versions !== null && side === 'changed' && comparisonMissing(topics).length === 0
        ? maskOf(versions.before)
        : null,
    );
  });
}

/**
 * Whether an earlier prediction stands in for a missing one depends on whether
 * versions are compared and which is in use: what was kept before goes.
 */
function refreshStandIns(picture: SliceView, { comparison, models, project }: Topics): void {
  $effect(() => {
    const { currentId } = models;
    const { versions } = comparison;
    if (currentId === null) return;
    untrack(() => {
      const depth = project.open?.stack.info.depth ?? 0;
      const used = versions === null ? [currentId] : [versions.before, versions.after];
      for (const model of used)
        picture.refreshPrediction(
          model,
          Array.from({ length: depth }, (_, z) => z).filter(
            (z) => !project.hasPrediction(model, z),
          ),
        );
    });
  });
}

/** Pixels of a stack, with the predictions that are in view alone: one taken back is still on the disk. */
function shownSource(topics: Topics, stack: StackId): TileSource {
  const { models } = topics;
  const source = pixelSource(
    stack,
    (model, name) => knownClass(models.find(model), { name })?.id ?? null,
  );
  const shownOf = (model: ModelId, z: number): ModelId | null => shownModelOf(topics, model, z);
  return {
    ...source,
    probability: (model, z, level, tx, ty, signal) => {
      const shown = shownOf(model, z);
      return shown === null
        ? Promise.resolve(null)
        : source.probability(shown, z, level, tx, ty, signal);
    },
    classMap: (model, name, z, level, tx, ty, signal) => {
      const shown = shownOf(model, z);
      return shown === null
        ? Promise.resolve(null)
        : source.classMap(shown, name, z, level, tx, ty, signal);
    },
    line: (model, z, from, level, tx, ty, signal) => {
      const shown = shownOf(model, z);
      return shown === null
        ? Promise.resolve(null)
        : source.line(shown, z, from, level, tx, ty, signal);
    },
  };
}

function mount(
  topics: Topics,
  project: ProjectView,
  session: LabelSession,
  element: HTMLDivElement,
): () => void {
  const { view } = topics;
  const { planes } = topics;
  const picture = new SliceView(element, null, () => planes.active === 'xy');
  const disposers = listen(picture, topics, element);
  const stay = (): void => {
    view.stay();
  };
  // Whoever presses means what they see.
  element.addEventListener('pointerdown', stay, { capture: true });
  disposers.push(takeKeys(element, planes, 'xy'));
  const { zoom, centre } = view;
  const labelled = (z: number): boolean => topics.project.reviewedShare(z) > 0;
  picture.setStack(project.stack.info, shownSource(topics, project.stack.id), session, labelled);
  picture.showSlice(view.z);
  if (zoom !== null && centre !== null) picture.camera.place(zoom, centre);
  follow(picture, topics);
  refreshStandIns(picture, topics);
  disposers.push(
    listenForMenuKey(element, view),
    recordDrawing(picture, session),
    session.onIds(() => {
      picture.refreshIds();
    }),
    topics.project.onPredicted((model, slices) => {
      picture.refreshPrediction(model, slices);
      const { currentId } = topics.models;
      if (currentId !== null && currentId !== model) picture.refreshPrediction(currentId, slices);
    }),
  );
  view.picture = {
    ...handOf(picture),
    lookAt: (point, zoom, place) => {
      planes.showSlices();
      planes.moveTo(point);
      const { viewWidth, viewHeight } = picture.camera.geometry;
      picture.camera.place(zoom, {
        x: point.x - ((place.x - 0.5) * viewWidth) / zoom,
        y: point.y - ((place.y - 0.5) * viewHeight) / zoom,
      });
    },
    sight: () => visibleRect(picture.camera.geometry),
    inspect: (x, y, signal) => picture.inspect(x, y, signal),
    interpolate: () => picture.proposals.interpolate(),
    copyToSlice: (step) => picture.proposals.copy(step),
    confirmSlice: () => picture.confirmSlice(),
    mountMinimap: (map) => {
      const minimap = new Minimap(map, picture);
      return () => {
        minimap.dispose();
      };
    },
  };
  return () => {
    view.picture = null;
    for (const dispose of disposers) dispose();
    picture.dispose();
  };
}

/** Puts the slice view of the open project into an element, and keeps it in step with the topics, both ways. */
export function mountPicture(
  topics: Topics,
  project: ProjectView,
  session: LabelSession,
): Attachment<HTMLDivElement> {
  return (element) => untrack(() => mount(topics, project, session, element));
}
