import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import type { ByteField } from '#labels/byte-field';
import { growArea, shrinkArea } from '#labels/operations/grow';
import { holesArea } from '#labels/operations/holes';
import { smoothArea } from '#labels/operations/smooth';
import { specksArea } from '#labels/operations/specks';
import { areaFromMask, maskOfArea, type PixelArea } from '#labels/pixel-area';
import { stepNames } from '../strings/step-names';
import type { AreaPreview } from './tool';
import type { Adjustment } from './tool-settings';

/** For "Undo …". */
export const adjustmentNames: Readonly<Record<Adjustment, string>> = stepNames.adjust;

/** What a class gives way to: interior, and interior itself to membrane. */
function counterpart(classId: number): number {
  return classId === INTERIOR ? MEMBRANE : INTERIOR;
}

export interface AdjustmentRequest {
  /** Classes as shown. */
  readonly shown: ByteField;
  readonly classId: number;
  readonly adjustment: Adjustment;
  /** Pixels: a radius, for specks and holes an area. */
  readonly amount: number;
  /** Only pixels of this area change; null = everywhere. */
  readonly region: PixelArea | null;
}

/** Pixels that an adjustment gives to the class or takes from it, with the class that each gets. */
export function adjusted(request: AdjustmentRequest): AreaPreview {
  const { shown, classId, region } = request;
  const { rect } = shown;
  const labels = new Uint8Array(rect.width * rect.height);
  const give = (area: PixelArea, label: number, where: (shownClass: number) => boolean): void => {
    maskOfArea(area, rect).forEach((inside, i) => {
      if (inside !== 0 && where(shown.data[i] ?? 0)) labels[i] = label;
    });
  };
  const mask: ByteField = { rect, data: shown.data.map((id) => (id === classId ? 1 : 0)) };
  const keep = (area: PixelArea): void => {
    const kept = maskOfArea(area, rect);
    shown.data.forEach((id, i) => {
      if (id === classId && kept[i] === 0) labels[i] = counterpart(classId);
    });
  };
  const other = (id: number): boolean => id !== classId;
  switch (request.adjustment) {
    case 'grow':
      give(growArea(mask, request.amount), classId, other);
      break;
    case 'shrink':
      keep(shrinkArea(mask, request.amount));
      break;
    case 'smooth': {
      const smooth = smoothArea(mask, request.amount);
      give(smooth, classId, other);
      keep(smooth);
      break;
    }
    case 'remove-specks':
      give(specksArea(shown, classId, request.amount), counterpart(classId), (id) => !other(id));
      break;
    case 'fill-holes':
      give(holesArea(shown, classId, request.amount), classId, other);
      break;
  }
  if (region) {
    const within = maskOfArea(region, rect);
    for (let i = 0; i < labels.length; i += 1) if (within[i] === 0) labels[i] = 0;
  }
  return { area: areaFromMask(labels, rect), as: labels.filter((label) => label !== 0) };
}
