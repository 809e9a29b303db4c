import { isAbort } from '#contract/errors';
import { classOf, MEMBRANE } from '#contract/label-byte';
import { firstByte } from '#contract/mask/membrane-mask';
import type { PlaneAxis } from '#contract/planes';
import type { BlockedReason, Change } from '../../tools/tool';
import type { FrameLoop } from '../draw/frame-loop';
import type { ShownStack } from '../chunks/shown-stack';
import { SliceFields } from '../chunks/slice-fields';
import type { ViewCamera } from '../camera/view-camera';
import { ViewConfirm } from './view-confirm';
import type { ViewTopics } from '../view-events';
import { visibleRect } from '../camera/view-geometry';
import type { ViewLook } from '../view-look';
import { PendingEdits } from './pending-edits';
import type { ViewStage } from '../draw/view-stage';
import { ViewTools } from './view-tools';

/** No byte reaches it. */
const NEVER = 256;

export interface ViewHandsOptions {
  readonly container: HTMLElement;
  readonly stage: ViewStage;
  readonly camera: ViewCamera;
  readonly frames: FrameLoop;
  readonly topics: ViewTopics;
  readonly look: ViewLook;
  /** Null while no stack is open. */
  readonly open: () => ShownStack | null;
  readonly slice: () => number;
  readonly showSlice: (z: number) => void;
  /** Null = the view looks at slices. */
  readonly plane: PlaneAxis | null;
  /** Keys are meant for this view. */
  readonly hears: () => boolean;
}

/** Everything by which labels of a view are changed, and what it looks at to do so. */
export class ViewInteraction {
  readonly confirm: ViewConfirm;
  readonly tools: ViewTools;
  /** Steps over several slices. */
  readonly proposals: PendingEdits;
  readonly #fields: SliceFields;
  readonly #look: ViewLook;

  constructor(options: ViewHandsOptions) {
    const { container, stage, camera, frames, topics, look, open, slice, showSlice } = options;
    const { plane, hears } = options;
    const { previews } = stage;
    const failed = (error: unknown): void => {
      if (!isAbort(error)) topics.failure.tell(error);
    };
    this.confirm = new ViewConfirm({
      shown: () => {
        const stack = open();
        return stack && { stack, z: slice(), geometry: camera.geometry, look };
      },
      topics,
      settle: () => {
        this.tools.settle();
      },
    });
    const fields = new SliceFields({
      stack: open,
      membraneFrom: () => firstByte(look.mask.pixel),
      arrived: () => {
        this.tools.sliceChanged();
      },
      failed,
    });
    this.#fields = fields;
    this.#look = look;
    this.tools = new ViewTools({
      ...{ container, previews, fields, camera, frames, topics, plane, hears },
      slice: () => {
        const stack = open();
        return stack && { session: stack.session, z: slice() };
      },
      blocked: (what) => this.#blocked(what),
      mask: () => {
        const stack = open();
        if (!stack) return null;
        const { width, height } = stack.session.tiles;
        const rect = visibleRect(camera.geometry);
        const { picture } = stack;
        // What is hidden is not erased.
        const from = look.hides(MEMBRANE) ? NEVER : firstByte(look.mask.pixel);
        return { picture, width, height, z: slice(), rect, from };
      },
      confirm: (region) => {
        this.confirm.confirm(region).catch(failed);
      },
    });
    this.proposals = new PendingEdits({
      ...{ tools: this.tools, fields, previews, camera, topics, slice, showSlice },
      stack: open,
      blocked: () => this.#blocked(),
    });
  }

  /** Labels of a slice have changed; `inView` = it is the one that is shown. */
  labelsChanged(z: number, inView: boolean): void {
    this.#fields.labelsChanged(z);
    if (inView) this.tools.sliceChanged();
  }

  /** Other raw values, another prediction or mask: tools look again. */
  reread(): void {
    this.#fields.forget();
    this.tools.sliceChanged();
  }

  /** Another slice comes into view: a stroke under way is finished, an outline goes. */
  leaveSlice(): void {
    this.tools.settle();
    this.tools.abort();
    this.proposals.cancel();
  }

  /** Nothing is shown any more. */
  leaveStack(): void {
    this.leaveSlice();
    this.confirm.cancel();
    this.#fields.forget();
  }

  dispose(): void {
    this.tools.dispose();
  }

  /** As `ViewConfirm.blocked`; with a class that is hidden nothing is painted. */
  #blocked(what?: Change): BlockedReason | null {
    const hidden = what === undefined && this.#look.hides(classOf(this.tools.brush.label));
    return hidden ? 'class-hidden' : this.confirm.blocked(what);
  }
}
