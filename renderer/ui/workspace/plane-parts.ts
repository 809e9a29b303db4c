import { isAbort, MembranaError, toErrorReport } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { classOf, UNTOUCHED, VOID } from '#contract/label-byte';
import type { Point } from '#labels/rasterize';
import { linedBy } from '../../canvas/overlay/mask-lines';
import type { SliceView } from '../../canvas/slice-view';
import type { Pane, PlanesState } from '../../state/view/planes.svelte';
import type { Topics } from '../../state/topics';
import type { Hand } from '../../state/view/view.svelte';
import { en } from '../../strings/en';

/** The middle of a pixel. */
export function middleOf({ x, y }: Point): Point {
  return { x: x + 0.5, y: y + 0.5 };
}

/** What commands do in a view that has the keys. */
export function handOf(picture: SliceView): Hand {
  return {
    fit: () => {
      picture.camera.fit();
    },
    actualSize: () => {
      picture.camera.zoomTo(1);
    },
    zoomBy: (factor) => {
      picture.camera.zoomTo(picture.camera.geometry.zoom * factor);
    },
    abort: () => picture.tools.abort(),
    accept: () => picture.tools.accept(),
    moveCursor: (dx, dy) => {
      picture.tools.keyboard.move(dx, dy);
    },
    pressCursor: (straight) => {
      picture.tools.keyboard.press(straight);
    },
    cursorKeyUp: () => {
      picture.tools.keyboard.keyUp();
    },
  };
}

/** Whose prediction of a slice is in view; where the version in use has none, what an earlier one did stands in. */
export function shownModelOf(
  { project, models, comparison, loop }: Topics,
  model: ModelId,
  z: number,
): ModelId | null {
  if (project.hasPrediction(model, z)) return model;
  return model === models.currentId && comparison.versions === null ? loop.shownModelOf(z) : null;
}

/** A piece of the picture could not be read: why, as main said it, goes to the notices. */
export function tellFailure(error: unknown, { project, painting, notices }: Topics): void {
  if (isAbort(error)) return;
  const code = error instanceof MembranaError ? error.code : null;
  // What was asked for before another project, stack or layer came is no longer looked at.
  if (code === 'project.stale' || (code === 'project.source-missing' && painting.changesLayer))
    return;
  // A missing stack has its own card; that its tiles are missing too is no news.
  if (project.open?.stack.source !== 'missing') notices.error(toErrorReport(error));
}

/** The mask has thin lines, which come from whole slices and are not in the planes at right angles to them. */
export function planesLackLines({ layers, project, models, mask }: Topics): boolean {
  return (
    layers.looks.mask.visible &&
    project.predictedCount(models.currentId) > 0 &&
    linedBy(models.currentId, mask.thresholds) !== null
  );
}

/** Gives the focus to the view in a pane. */
export function focusPane(pane: Pane): void {
  const view = document.querySelector<HTMLElement>(`.pane.${pane} [role="application"]`);
  view?.focus({ preventScroll: true });
}

/** A pane that is pressed or gets the focus has the keys from then on. Returns the disposer. */
export function takeKeys(element: HTMLElement, planes: PlanesState, pane: Pane): () => void {
  const stop = new AbortController();
  const take = (): void => {
    planes.choose(pane);
  };
  element.addEventListener('pointerdown', take, { capture: true, signal: stop.signal });
  element.addEventListener('focusin', take, { signal: stop.signal });
  return () => {
    stop.abort();
  };
}

/** A label byte was picked: its class is in hand now. */
export function takePicked(label: number, { brush, classes, notices }: Topics): void {
  const id = classOf(label);
  const name = id === VOID ? en.bench.classes.void : classes.find(id)?.name;
  if (id === UNTOUCHED || name === undefined) {
    notices.toast(en.notices.pickedNothing);
    return;
  }
  brush.choose(id);
  notices.toast(en.notices.picked(name));
}
