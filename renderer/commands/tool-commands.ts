import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import type { Adjustment } from '../tools/tool-settings';
import type { ToolName } from '../tools/tool-names';
import { attempt, type Command } from './command';
import { slicesOnly } from './plane-commands';
import { changeSettings } from './view-commands';

/** Pixels that the crosshair moves with Shift. */
const FAR = 10;

/** Tools beyond brush and eraser, their options, and the keyboard's crosshair. */
export function toolCommands(topics: Topics) {
  const { project, view, planes, brush, loop, layers } = topics;
  const open = (): string | null => (project.open ? null : en.top.why.noProject);
  const writable = (): string | null => open() ?? (project.readOnly ? en.top.why.readOnly : null);
  /** What works on slices, and while none is shown says so. */
  const onSlices = (): string | null => writable() ?? slicesOnly(topics);
  const reviewable = (): string | null =>
    onSlices() ?? (loop.slicePredicted ? null : en.top.why.notSegmented);
  const take = (tool: ToolName): Command => ({
    blocked: onSlices,
    run: () => {
      brush.take(tool);
    },
  });
  // What a review tool changes shows in the review layer alone.
  const review = (tool: ToolName, blocked: () => string | null): Command => ({
    blocked,
    run: () => {
      brush.take(tool);
      layers.change('review', { visible: true });
    },
  });
  const adjust = (adjustment: Adjustment): Command => ({
    blocked: onSlices,
    run: () => {
      brush.adjust(adjustment);
    },
  });
  const move = (dx: number, dy: number): Command => ({
    blocked: open,
    run: () => planes.hand?.moveCursor(dx, dy),
  });
  const press = (straight: boolean): Command => ({
    blocked: open,
    run: () => planes.hand?.pressCursor(straight),
    release: () => {
      planes.hand?.cursorKeyUp();
    },
  });
  const propose = (work: () => Promise<void> | undefined): Command => ({
    blocked: onSlices,
    run: () =>
      attempt(topics, async () => {
        await work();
      }),
  });
  return {
    'tool.fill': take('fill'),
    'tool.lasso': take('lasso'),
    'tool.polygon': take('polygon'),
    'tool.wand': take('wand'),
    'tool.follower': take('follower'),
    'tool.gap': take('gap'),
    'tool.adjust': take('adjust'),
    'adjust.grow': adjust('grow'),
    'adjust.shrink': adjust('shrink'),
    'adjust.smooth': adjust('smooth'),
    'adjust.removeSpecks': adjust('remove-specks'),
    'adjust.fillHoles': adjust('fill-holes'),
    'review.confirmRegion': review('confirm-region', reviewable),
    'review.confirmBrush': review('confirm-brush', reviewable),
    'review.unreviewRegion': review('unreview-region', onSlices),
    'review.unreviewBrush': review('unreview-brush', onSlices),
    'slice.interpolate': propose(() => view.picture?.interpolate()),
    'slice.copyToNext': propose(() => view.picture?.copyToSlice(1)),
    'slice.copyToPrevious': propose(() => view.picture?.copyToSlice(-1)),
    'brush.nextOverwrite': {
      blocked: writable,
      run: () => {
        brush.nextOverwrite();
      },
    },
    'brush.nextEraseTo': {
      blocked: writable,
      run: () => {
        const eraseTo = topics.app.settings.eraseTo === 'interior' ? 'prediction' : 'interior';
        topics.notices.toast(en.tools.eraseToChosen[eraseTo]);
        return changeSettings(topics, { eraseTo });
      },
    },
    'brush.toggleGate': {
      blocked: () => (brush.gate ? writable() : reviewable()),
      run: () => {
        brush.gate = brush.gate ? null : { min: topics.mask.thresholds.pixel, max: 1 };
      },
    },
    'brush.togglePenPressure': {
      blocked: writable,
      run: () => changeSettings(topics, { penPressure: !topics.app.settings.penPressure }),
    },
    'cursor.left': move(-1, 0),
    'cursor.right': move(1, 0),
    'cursor.up': move(0, -1),
    'cursor.down': move(0, 1),
    'cursor.farLeft': move(-FAR, 0),
    'cursor.farRight': move(FAR, 0),
    'cursor.farUp': move(0, -FAR),
    'cursor.farDown': move(0, FAR),
    'cursor.press': press(false),
    'cursor.pressStraight': press(true),
  } satisfies Record<string, Command>;
}
