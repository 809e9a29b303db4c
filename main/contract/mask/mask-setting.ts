import type { MaskSetting, MaskThresholds, ModelVersion, ViewState } from '../entities';

/** Used while there is no model to say better. */
export const NO_MODEL: MaskThresholds = { pixel: 0.5, cells: 0.5 };

/** The same mask, or none on both sides. */
export function sameThresholds(a: MaskThresholds | null, b: MaskThresholds | null): boolean {
  return a?.pixel === b?.pixel && a?.cells === b?.cells;
}

/**
 * What a saved view asks of the mask. A project from before the mask had two
 * thresholds looks as it did: its one threshold, or the model's for cells,
 * counts for both, so that there is no line.
 */
export function maskSettingOf({ mask, threshold }: ViewState): MaskSetting {
  if (mask !== null) return mask;
  return threshold === null ? { kind: 'one' } : { kind: 'own', pixel: threshold, cells: threshold };
}

/** The thresholds that count under a setting, for the maps of a model. */
export function thresholdsFor(
  model: Pick<ModelVersion, 'thresholds'> | null,
  setting: MaskSetting,
): MaskThresholds {
  if (model === null) return NO_MODEL;
  const { topology, pixel } = model.thresholds;
  switch (setting.kind) {
    case 'own':
      return { pixel: setting.pixel, cells: setting.cells };
    case 'one':
      return { pixel: topology, cells: topology };
    case 'model':
      return { pixel, cells: topology };
  }
}
