import type { Rect } from '#contract/tiles';
import type { SliceLabels } from '#labels/slice-labels';
import type { PaintRule } from '#labels/paint-mode';
import type { PixelArea } from '#labels/pixel-area';
import type { BlockedReason, BrushSettings, ToolHost } from './tool';

/** The rule that every area edit of the tools follows. */
export function ruleOf({ overwrite, locked }: BrushSettings): PaintRule {
  return { overwrite, locked, gate: null };
}

/** Why an area can't be changed now; null = go ahead. */
function areaBlocked(host: ToolHost, bounds: Rect, what?: 'review'): BlockedReason | null {
  const reason = host.blocked(what);
  if (reason) return reason;
  return host.labels?.isLoaded(host.z, bounds) === true ? null : 'loading';
}

/**
 * Changes an area as one undo step, or says why not: labels hidden, locked,
 * still being read, or nothing left to change. False when nothing changed.
 */
export function commitArea(
  host: ToolHost,
  area: PixelArea,
  write: (labels: SliceLabels) => number,
  what?: 'review',
): boolean {
  const { labels } = host;
  if (!labels || labels.painting || area.bounds.width === 0) return false;
  const reason = areaBlocked(host, area.bounds, what);
  if (reason) {
    host.tellBlocked(reason);
    return false;
  }
  if (write(labels) > 0) return true;
  host.tellBlocked('nothing-changed');
  return false;
}

/** Paints an area with the class in hand, as one undo step. */
export function paintArea(host: ToolHost, name: string, area: PixelArea): boolean {
  const { brush, z } = host;
  return commitArea(host, area, (labels) =>
    labels.paint(z, name, area, brush.label, ruleOf(brush)),
  );
}

/** The area ends where tools can look no further, within the slice. */
export function isCut({ bounds }: PixelArea, window: Rect, slice: Rect): boolean {
  if (bounds.width === 0) return false;
  const right = (rect: Rect): number => rect.x + rect.width;
  const bottom = (rect: Rect): number => rect.y + rect.height;
  return (
    (window.x > slice.x && bounds.x === window.x) ||
    (window.y > slice.y && bounds.y === window.y) ||
    (right(window) < right(slice) && right(bounds) === right(window)) ||
    (bottom(window) < bottom(slice) && bottom(bounds) === bottom(window))
  );
}
