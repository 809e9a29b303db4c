import type { HistoryStep } from '#labels/label-session';
import type { ToolName } from '../tools/tool-names';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt, type Command } from './command';

export function paintCommands(topics: Topics) {
  const { project, view, brush, painting, notices, loop } = topics;
  const open = (): string | null => (project.open ? null : en.top.why.noProject);
  const writable = (): string | null => open() ?? (project.readOnly ? en.top.why.readOnly : null);
  const reviewable = (): string | null =>
    writable() ?? (loop.slicePredicted ? null : en.top.why.notSegmented);
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
  // A step on another slice brings that slice into view.
  const show = (step: HistoryStep | null, say: (name: string, slice: number) => string): void => {
    if (step?.kind === 'labels' && view.goTo(step.z)) notices.toast(say(step.name, step.z + 1));
  };
  return {
    'edit.undo': {
      blocked: () => writable() ?? (painting.undoName === null ? en.notices.nothingToUndo : null),
      run: () => {
        show(painting.session?.undo() ?? null, en.notices.undone);
      },
    },
    'edit.redo': {
      blocked: () => writable() ?? (painting.redoName === null ? en.notices.nothingToRedo : null),
      run: () => {
        show(painting.session?.redo() ?? null, en.notices.redone);
      },
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
    'review.confirmRegion': { ...take('confirm-region'), blocked: reviewable },
    'review.confirmSlice': {
      blocked: reviewable,
      run: () =>
        attempt(topics, async () => {
          const slice = view.z + 1;
          const confirmed = await view.picture?.confirmSlice();
          if (confirmed) notices.toast(en.notices.sliceConfirmed(slice), 'good');
        }),
    },
  } satisfies Record<string, Command>;
}
