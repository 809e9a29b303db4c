import type { Engine } from '../engines/engine';
import { int8Of } from '../engines/int8';
import { alignmentOf } from '../network/geometry';
import type { Network } from '../network/network';
import type { NormalisedSlice, Precision } from './predictor';
import { readTile } from './tiling';

/** Side of the part of a slice that is looked at. */
const calibrationSide = 512;

/**
 * Takes the ranges for 8-bit inference from the middle of each slice. Equal
 * slices give equal ranges, so a stack that is calibrated on slices of its own
 * gets the same maps whatever is predicted first.
 *
 * The ranges are the smallest and largest values themselves. Cut short they
 * cost more (isbi-base8, VNC slices 12–15, V_Info at the stored threshold; in
 * float 0.9911): whole 0.9908, × 0.9 0.9908, × 0.7 0.9902, × 0.5 0.9846.
 *
 * Throws `engine.unavailable` where the engine has no 8-bit inference.
 */
export async function int8Precision(
  engine: Engine,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  slices: readonly NormalisedSlice[],
): Promise<Precision> {
  const int8 = int8Of(engine);
  const alignment = alignmentOf(network);
  const longest = Math.max(1, ...slices.map(({ width, height }) => Math.max(width, height)));
  const side = Math.ceil(Math.min(calibrationSide, longest) / alignment) * alignment;
  const images = slices.map(({ image, width, height }) => {
    const x = Math.floor((width - side) / 2);
    const y = Math.floor((height - side) / 2);
    return readTile(image, width, height, { x, y, width: side, height: side });
  });
  const shape = { width: side, height: side, batch: 1 };
  return { kind: 'int8', ranges: await int8.calibrate(network, weights, shape, images) };
}
