import type { BlockedReason } from '../../canvas/view-types';
import { shortcutOf } from '../../commands/keys-in-force.svelte';
import type { Topics } from '../../state/topics';
import { en } from '../../strings/en';

/** What a person is told when a press did nothing. */
export function whyBlocked(reason: BlockedReason, topics: Topics): string {
  switch (reason) {
    case 'loading':
      return en.notices.stillLoading;
    case 'mask-hidden':
      return en.notices.hiddenLayer;
    case 'class-hidden':
      return en.classMasks.hiddenClass;
    case 'membrane-hidden':
      return en.classMasks.hiddenMembrane;
    case 'mask-locked':
      return en.bench.layers.maskLocked;
    case 'review-locked':
      return en.bench.layers.reviewLocked;
    case 'read-only':
      return en.notices.cannotPaintReadOnly;
    case 'no-prediction':
      return en.notices.nothingToConfirm;
    case 'nothing-changed':
      return en.tools.why.nothingChanged;
    case 'nothing-to-erase':
      return en.tools.why.nothingToErase;
    case 'nothing-predicted-to-erase':
      return en.tools.why.nothingPredictedToErase;
    case 'no-label-to-erase':
      return en.tools.why.noLabelToErase;
    case 'area-cut':
      return en.tools.why.areaCut;
    case 'no-gap':
      return en.tools.why.noGap;
    case 'nothing-between':
      return en.tools.why.nothingBetween;
    case 'nothing-to-copy':
      return en.tools.why.nothingToCopy;
    case 'slices-only':
      return en.planes.slicesOnly(shortcutOf('view.nextPlane', topics.app.mac)?.join('+') ?? null);
    case 'gate-on-slices-only':
      return en.planes.gateOnSlicesOnly;
  }
}
