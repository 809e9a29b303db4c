import { toErrorReport } from '#contract/errors';
import { openStack } from '../../open-stack';

/** Longest that a damaged file may keep anybody waiting. */
const MOST_MS = 2000;
const SIDE = 64;

/** Opens a file that may be anything and reads a corner of its first and last slices: “a picture”, or the code of the error; fails where that takes longer than two seconds. */
export async function hostileOutcome(path: string): Promise<string> {
  const signal = AbortSignal.timeout(MOST_MS);
  try {
    const source = await openStack(path, { signal });
    try {
      const rect = { x: 0, y: 0, width: SIDE, height: SIDE };
      for (const z of [0, source.info.depth - 1]) await source.readRegion(z, rect, 0, signal);
    } finally {
      await source.close();
    }
    return 'a picture';
  } catch (error) {
    return toErrorReport(error).code;
  }
}
