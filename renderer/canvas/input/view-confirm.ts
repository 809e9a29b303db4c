import { firstByte } from '#contract/mask/membrane-mask';
import type { Region } from '#labels/region';
import { MEMBRANE } from '#contract/label-byte';
import type { BlockedReason, Change } from '../../tools/tool';
import { confirmShown } from '../overlay/confirm-shown';
import type { ShownStack } from '../chunks/shown-stack';
import type { ViewTopics } from '../view-events';
import { visibleRect, type ViewGeometry } from '../camera/view-geometry';
import type { ViewLook } from '../view-look';

/** What there is to confirm or paint, as the view stands. */
export interface Confirmable {
  readonly stack: ShownStack;
  readonly z: number;
  readonly geometry: ViewGeometry;
  readonly look: Pick<ViewLook, 'mask' | 'maskVisible' | 'maskLocked' | 'reviewLocked' | 'hides'>;
}

export interface ViewConfirmOptions {
  /** Null while nothing is shown. */
  readonly shown: () => Confirmable | null;
  readonly topics: ViewTopics;
  /** Ends a gesture under way, keeping what it did. */
  readonly settle: () => void;
}

/** Says whether labels may be changed now, and confirms regions of what is shown. */
export class ViewConfirm {
  readonly #options: ViewConfirmOptions;
  #abort = new AbortController();

  constructor(options: ViewConfirmOptions) {
    this.#options = options;
  }

  /** Why painting is not possible right now; null = go ahead. */
  blocked(what?: Change): BlockedReason | null {
    const shown = this.#options.shown();
    if (!shown) return 'loading';
    const reason = refused(shown) ?? (what === 'review' ? reviewRefused(shown) : null);
    if (reason) return reason;
    const loaded = shown.stack.session.isLoaded(shown.z, visibleRect(shown.geometry));
    return loaded ? null : 'loading';
  }

  /** Accepts the mask of a region as shown; resolves with the pixels confirmed. */
  async confirm(region: Region): Promise<number> {
    const shown = this.#options.shown();
    if (!shown) return 0;
    const reason = refused(shown) ?? reviewRefused(shown);
    if (reason) {
      this.#options.topics.blocked.tell(reason);
      return 0;
    }
    this.#options.settle();
    const { stack, z, look } = shown;
    const { session, picture } = stack;
    const { signal } = this.#abort;
    const answer = await confirmShown({
      session,
      picture,
      z,
      region,
      from: firstByte(look.mask.pixel),
      signal,
    });
    if (answer !== 'no-prediction') return answer;
    this.#options.topics.blocked.tell(answer);
    return 0;
  }

  /** Another stack comes: what is being confirmed is given up. */
  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }
}

function refused({ stack, look }: Confirmable): BlockedReason | null {
  if (stack.session.access === 'read-only') return 'read-only';
  if (!look.maskVisible) return 'mask-hidden';
  return look.maskLocked ? 'mask-locked' : null;
}

/** Whoever does not see the membranes can't say that they are right. */
function reviewRefused({ look }: Confirmable): BlockedReason | null {
  if (look.reviewLocked) return 'review-locked';
  return look.hides(MEMBRANE) ? 'membrane-hidden' : null;
}
