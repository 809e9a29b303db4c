import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import type { ByteField } from '#labels/byte-field';
import { growArea, shrinkArea } from '#labels/operations/grow';
import { holesArea } from '#labels/operations/holes';
import { smoothArea } from '#labels/operations/smooth';
import { specksArea } from '#labels/operations/specks';
import {
  areaFromMask,
  areaPixelCount,
  forEachSpan,
  maskOfArea,
  type PixelArea,
} from '#labels/pixel-area';
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
  const labels = newLabels(request);
  if (region) {
    const within = maskOfArea(region, rect);
    for (let i = 0; i < labels.length; i += 1) if (within[i] === 0) labels[i] = 0;
  }
  const area = areaFromMask(labels, rect);
  const as = new Uint8Array(areaPixelCount(area));
  let at = 0;
  forEachSpan(area, (y, start, end) => {
    const row = (y - rect.y) * rect.width - rect.x;
    as.set(labels.subarray(row + start, row + end), at);
    at += end - start;
  });
  return { area, as: as.length === 0 ? classId : as };
}

/** The new class of every pixel that gets one, else 0. */
function newLabels({ shown, classId, adjustment, amount }: AdjustmentRequest): Uint8Array {
  const { rect, data } = shown;
  const labels = new Uint8Array(data.length);
  /** Where the class is in the area, and was not before. */
  const give = (area: PixelArea): void => {
    forEachSpan(area, (y, start, end) => {
      const row = (y - rect.y) * rect.width - rect.x;
      for (let i = row + start; i < row + end; i += 1) if (data[i] !== classId) labels[i] = classId;
    });
  };
  /** Where the class was, and is in the area no longer. */
  const keep = (area: PixelArea): void => {
    const kept = maskOfArea(area, rect);
    const other = counterpart(classId);
    for (let i = 0; i < labels.length; i += 1)
      if (data[i] === classId && kept[i] === 0) labels[i] = other;
  };
  switch (adjustment) {
    case 'grow':
      give(growArea(maskOfClass(shown, classId), amount));
      break;
    case 'shrink':
      keep(shrinkArea(maskOfClass(shown, classId), amount));
      break;
    case 'smooth': {
      const smooth = smoothArea(maskOfClass(shown, classId), amount);
      give(smooth);
      keep(smooth);
      break;
    }
    case 'remove-specks':
      forEachSpan(specksArea(shown, classId, amount), (y, start, end) => {
        const row = (y - rect.y) * rect.width - rect.x;
        labels.fill(counterpart(classId), row + start, row + end);
      });
      break;
    case 'fill-holes':
      give(holesArea(shown, classId, amount));
      break;
  }
  return labels;
}

/** 1 where a field of classes has the class, else 0. */
function maskOfClass({ rect, data }: ByteField, classId: number): ByteField {
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i += 1) mask[i] = data[i] === classId ? 1 : 0;
  return { rect, data: mask };
}
