import type { MaskSetting, MaskThresholds, ModelVersion, StackTrust, ViewState } from '../entities';

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

/**
 * The thresholds that count under a setting, for the maps of a model. Where the
 * model is not at home on the stack (`trust`: measured of it there), cells are
 * parted at the threshold at which turned slices give the most alike ones
 * (V_Info 0.904 → 0.933 on a hard look; where it is at home its own is better).
 */
export function thresholdsFor(
  model: Pick<ModelVersion, 'thresholds'> | null,
  setting: MaskSetting,
  trust: StackTrust | null = null,
): MaskThresholds {
  if (model === null) return NO_MODEL;
  const { topology, pixel } = model.thresholds;
  switch (setting.kind) {
    case 'own':
      return { pixel: setting.pixel, cells: setting.cells };
    case 'one':
      return { pixel: topology, cells: topology };
    case 'model':
      return { pixel, cells: trust?.better?.threshold ?? topology };
  }
}
