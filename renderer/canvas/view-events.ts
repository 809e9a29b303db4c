import type { Point } from '#labels/rasterize';
import { Listeners } from '#labels/listeners';
import type { BlockedReason, ToolPoint } from '../tools/tool';
import type { DrawTiming, PointerInfo, ProposalInfo, ViewPosition } from './view-types';

/** What a view has to tell; the other side of `ViewEvents`. */
export class ViewTopics {
  readonly viewChange = new Listeners<ViewPosition>();
  readonly pointerInfo = new Listeners<PointerInfo | null>();
  readonly drawn = new Listeners<DrawTiming>();
  readonly sliceStep = new Listeners<number>();
  readonly sliceChosen = new Listeners<number>();
  readonly brushSize = new Listeners<number>();
  readonly tolerance = new Listeners<number>();
  readonly proposal = new Listeners<ProposalInfo | null>();
  readonly blocked = new Listeners<BlockedReason>();
  readonly picked = new Listeners<number>();
  readonly pointed = new Listeners<Point>();
  readonly rightClick = new Listeners<ToolPoint>();
  readonly toolState = new Listeners<string>();
  readonly failure = new Listeners<unknown>();
  readonly window = new Listeners<null>();
}

/** Hearing a slice view; every method returns the disposer. */
export class ViewEvents {
  protected readonly topics = new ViewTopics();

  /** The view moved, zoomed, or shows another slice. At most once a frame. */
  onViewChange(listener: (position: ViewPosition) => void): () => void {
    return this.topics.viewChange.add(listener);
  }

  /** At most once a frame, never during a gesture; null when the pointer is not over the slice. */
  onPointerInfo(listener: (info: PointerInfo | null) => void): () => void {
    return this.topics.pointerInfo.add(listener);
  }

  onDrawn(listener: (timing: DrawTiming) => void): () => void {
    return this.topics.drawn.add(listener);
  }

  /** The wheel asks for slices further on (+) or back (−). */
  onSliceStep(listener: (steps: number) => void): () => void {
    return this.topics.sliceStep.add(listener);
  }

  /** A step brought another slice into view; it is shown already. */
  onSliceChosen(listener: (z: number) => void): () => void {
    return this.topics.sliceChosen.add(listener);
  }

  /** Shift + wheel or Alt + drag chose a brush radius, in image pixels; it is in force already. */
  onBrushSize(listener: (radius: number) => void): () => void {
    return this.topics.brushSize.add(listener);
  }

  /** A drag of the wand chose another tolerance; it is in force already. */
  onTolerance(listener: (tolerance: number) => void): () => void {
    return this.topics.tolerance.add(listener);
  }

  /** A step waits for Enter or Escape; null = no longer. */
  onProposal(listener: (proposal: ProposalInfo | null) => void): () => void {
    return this.topics.proposal.add(listener);
  }

  /** A press did nothing, and why. */
  onBlocked(listener: (reason: BlockedReason) => void): () => void {
    return this.topics.blocked.add(listener);
  }

  /** A label byte was picked from the slice. */
  onPicked(listener: (label: number) => void): () => void {
    return this.topics.picked.add(listener);
  }

  /** Where the planes are to cross, in image pixels: a click of the pan tool or the middle button, or the keyboard's crosshair. */
  onPointed(listener: (at: Point) => void): () => void {
    return this.topics.pointed.add(listener);
  }

  /** A right click that was no drag: where a menu is asked for. */
  onRightClick(listener: (at: ToolPoint) => void): () => void {
    return this.topics.rightClick.add(listener);
  }

  /** `brush.idle`, `brush.stroke`, `pan.drag`, `confirm-region.waiting` … */
  onToolState(listener: (path: string) => void): () => void {
    return this.topics.toolState.add(listener);
  }

  /** Raw values are shown through another window. */
  onWindow(listener: () => void): () => void {
    return this.topics.window.add(listener);
  }

  /** Tiles could not be read, or a region not be confirmed. */
  onFailure(listener: (error: unknown) => void): () => void {
    return this.topics.failure.add(listener);
  }
}
