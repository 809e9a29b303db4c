import type { MaskThresholds } from '#contract/entities';
import { measureTrust, type MeasureTrustParams } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import type { Context } from './context';

export interface SteadierCells {
  readonly thresholds: MaskThresholds;
  /** What a person should know; '' = the model's own threshold stays. */
  readonly note: string;
}

/**
 * The threshold for cells as the window chooses it: the model's own where it is
 * at home on the stack, otherwise the one at which slices that are turned over
 * give the most alike cells.
 */
export async function steadierCells(
  own: MaskThresholds,
  engine: JobEngine,
  params: Omit<MeasureTrustParams, 'choice' | 'pictures'>,
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
): Promise<SteadierCells> {
  const remark = (text: string): void => {
    progress.note(text);
  };
  const { better } = await engine.call(
    measureTrust,
    (choice): MeasureTrustParams => ({ ...params, pictures: null, choice }),
    { signal, remark },
  );
  if (better === null) return { thresholds: own, note: '' };
  return {
    thresholds: { ...own, cells: better.threshold },
    note: `Cells are parted from ${String(better.threshold)} on, not from the model's own ${String(own.cells)}: steadier on these slices (--cells-threshold chooses another).`,
  };
}
