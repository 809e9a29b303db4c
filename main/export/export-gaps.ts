import type { ExportedImage } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { gapsIn } from '#contract/export-gaps';
import type { ModelId } from '#contract/ids';
import { sliceMark } from '#contract/slice-marks';
import type { PredictionStore } from '../project/predictions/prediction-store';
import type { LabelStore } from '../labels/label-store';

/** Of `slices` those that have not a value for every pixel, as the project stands. */
export function gapsOf(
  what: ExportedImage,
  slices: readonly number[],
  from: {
    readonly labels: LabelStore;
    readonly predictions: PredictionStore;
    readonly model: ModelId | null;
    /** A class beside membrane that is written; null or left out = membrane. */
    readonly ownClass?: number | null;
    /** Pixels of a slice. */
    readonly pixels: number;
  },
): number[] {
  const maps = from.predictions.list().filter(({ model }) => model === from.model);
  const { ownClass = null } = from;
  const predicted = new Set(
    maps
      .filter(({ model, z }) => ownClass === null || from.predictions.hasClass(model, z, ownClass))
      .map(({ z }) => z),
  );
  const reviewed = new Map(
    from.labels.coverage().map(({ z, painted, confirmed }) => [z, painted + confirmed]),
  );
  const known = {
    predicted: (z: number) => predicted.has(z),
    reviewed: (z: number) => reviewed.get(z) ?? 0,
    pixels: from.pixels,
  };
  return gapsIn(what, slices, known, ownClass === null ? 'membrane' : 'class');
}

/** The refusal to write zeros where nothing is known. */
export function incomplete(gaps: readonly number[], of: number, hint: string): MembranaError {
  const text =
    gaps.length === 1
      ? `Slice ${sliceMark(gaps)} is not segmented, so it has no values to export.`
      : `Slices ${sliceMark(gaps)} are not segmented, so they have no values to export.`;
  return new MembranaError('labels.incomplete', text, {
    hint,
    safe: 'Nothing was written.',
    data: { missing: gaps.length, of },
  });
}
