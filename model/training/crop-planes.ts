import type { Crop, CropPlane } from './sampler';

type Values = Float32Array<ArrayBuffer>;

/** Targets and weights of all classes of a crop, each changed in the same way. */
export function mapPlanes(
  { target, weight, others }: Pick<Crop, keyof CropPlane | 'others'>,
  change: (values: Values) => Values,
): Pick<Crop, keyof CropPlane | 'others'> {
  const changed = (plane: CropPlane): CropPlane => ({
    target: change(plane.target),
    weight: change(plane.weight),
  });
  const first = changed({ target, weight });
  if (others === undefined) return first;
  return { ...first, others: others.map((plane) => (plane === null ? null : changed(plane))) };
}
