import { sameLayer } from '#contract/entities';
import type { AppliedEdit } from '#labels/label-session';
import type { ToolName } from '../tools/tool-names';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt, type Command } from './command';
import { followStep, layerOfStep, shownOf } from './shown-layer';
import { slicesOnly } from './plane-commands';

/** The slice to bring into view for a step; null = it has none. Of several slices the one nearest to `here`. */
function sliceOf(step: AppliedEdit, here: number): number | null {
  const nearest = (slices: readonly number[]): number =>
    slices.reduce((a, b) => (Math.abs(b - here) < Math.abs(a - here) ? b : a));
  if (step.kind === 'labels') return step.several ? nearest(step.several.slices) : step.z;
  return step.change.kind === 'predictions' ? nearest(step.change.slices) : null;
}

/**
 * Why a step can't be taken back or done again now: it would bring another
 * layer into the window, which a job that works on what is shown does not allow.
 */
function whyStays(topics: Topics, direction: 'undo' | 'redo'): string | null {
  const { painting, jobs, project } = topics;
  const shown = shownOf(topics);
  // An export, too; only what is in the background gives way.
  const works = jobs.active.some(({ background }) => background === undefined);
  if (!works || !shown) return null;
  let { arrangement } = project;
  for (const step of painting.session?.upcoming(direction) ?? []) {
    if (step.kind === 'project' && step.change.kind === 'layers') arrangement = step.change.after;
    const key = layerOfStep(topics, step, arrangement);
    if (key && !sameLayer(key, shown)) return en.top.why.busy;
  }
  return null;
}

export function paintCommands(topics: Topics) {
  const { project, view, planes, brush, painting, notices, loop } = topics;
  const open = (): string | null => (project.open ? null : en.top.why.noProject);
  const writable = (): string | null => open() ?? (project.readOnly ? en.top.why.readOnly : null);
  const travels = (): string | null =>
    writable() ?? (painting.changesLayer ? en.top.why.busy : null);
  const reviewable = (): string | null =>
    writable() ?? slicesOnly(topics) ?? (loop.slicePredicted ? null : en.top.why.notSegmented);
  const take = (tool: ToolName): Command => ({
    blocked: tool === 'pan' || tool === 'pick' ? open : writable,
    run: () => {
      brush.take(tool);
    },
  });
  const size = (direction: 1 | -1): Command => ({
    blocked: writable,
    run: () => {
      brush.step(direction);
    },
  });
  // A step on another slice brings that slice into view; one that is no stroke may show nowhere, so it is told.
  const show = async (
    step: AppliedEdit | null,
    say: (name: string, slice?: number) => string,
  ): Promise<void> => {
    if (!step) return;
    await followStep(topics, step);
    if (step.kind === 'labels') {
      const box = step.several?.box ?? step.rect;
      if (box) planes.bring(box);
    }
    const z = sliceOf(step, view.z);
    // Planes cut all slices: what several of them lost or got shows there already.
    if (step.kind === 'labels' && step.several && !planes.shows('xy')) return;
    if (z !== null && view.goTo(z)) notices.toast(say(step.name, z + 1));
    else if (step.kind === 'project') notices.toast(say(step.name));
  };
  return {
    'edit.undo': {
      blocked: () =>
        travels() ??
        (painting.undoName === null ? en.notices.nothingToUndo : whyStays(topics, 'undo')),
      run: () => show(painting.session?.undo() ?? null, en.notices.undone),
    },
    'edit.redo': {
      blocked: () =>
        travels() ??
        (painting.redoName === null ? en.notices.nothingToRedo : whyStays(topics, 'redo')),
      run: () => show(painting.session?.redo() ?? null, en.notices.redone),
    },
    'tool.brush': take('brush'),
    'tool.eraser': take('eraser'),
    'tool.pick': take('pick'),
    'tool.pan': take('pan'),
    'brush.smaller': size(-1),
    'brush.larger': size(1),
    'brush.swap': {
      blocked: writable,
      run: () => {
        brush.swap();
      },
    },
    'review.confirmSlice': {
      blocked: reviewable,
      run: () =>
        attempt(topics, async () => {
          const slice = view.z + 1;
          const confirmed = await view.picture?.confirmSlice();
          topics.layers.change('review', { visible: true });
          if (confirmed) notices.toast(en.notices.sliceConfirmed(slice), 'good');
        }),
    },
  } satisfies Record<string, Command>;
}
