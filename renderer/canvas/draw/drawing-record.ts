import type { PlaneAxis } from '#contract/planes';
import type { LabelSession } from '#labels/label-session';
import type { SliceView } from '../slice-view';
import type { ViewGeometry } from '../camera/view-geometry';
import type { DrawTiming } from '../view-types';

/** Enough for ten minutes of painting. */
const KEPT = 60_000;

/** What a benchmark reads; nothing in it changes anything. */
export interface DrawingRecord {
  /** Everything drawn since the picture came, oldest first. */
  timings(): readonly DrawTiming[];
  /** Lets go of the timings so far. */
  forget(): void;
  geometry(): ViewGeometry;
  /** Number of the last step on the disk; null while one is on its way. */
  saved(): number | null;
  /** Bytes that undo and redo hold. */
  undoBytes(): number;
}

declare global {
  interface Window {
    /** Only where the app was started with MEMBRANA_BENCH=1. */
    membranaDrawing?: DrawingRecord;
    /** The same of planes at right angles to the slices, while they are shown. */
    membranaPlanes?: Partial<Record<PlaneAxis, DrawingRecord>>;
  }
}

/** Lays out when and where a view draws, for a benchmark to read; in a normal run it does nothing. Returns the disposer. */
export function recordDrawing(
  view: SliceView,
  session: LabelSession,
  axis: PlaneAxis | null = null,
): () => void {
  if (!new URLSearchParams(location.search).has('bench')) return () => undefined;
  const timings: DrawTiming[] = [];
  const stop = view.onDrawn((timing) => {
    if (timings.length < KEPT) timings.push(timing);
  });
  const record: DrawingRecord = Object.freeze({
    timings: () => [...timings],
    forget: () => {
      timings.length = 0;
    },
    geometry: () => view.camera.geometry,
    saved: () => (session.saved.kind === 'saved' ? session.saved.sequence : null),
    undoBytes: () => session.historyBytes,
  });
  if (axis === null) window.membranaDrawing = record;
  else window.membranaPlanes = { ...window.membranaPlanes, [axis]: record };
  return () => {
    stop();
    if (axis === null) delete window.membranaDrawing;
    else window.membranaPlanes = { ...window.membranaPlanes, [axis]: undefined };
  };
}
