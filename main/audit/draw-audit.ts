import { randomInt } from 'node:crypto';
import { noConditioning, type Audit, type MaskThresholds } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { firstByte } from '#contract/mask/membrane-mask';
import type { Project } from '../project/project';
import { drawFrames } from './draw-frames';
import { lineLength } from './line-length';

/** What of a project an audit reads. */
export interface AuditSources {
  readonly stack: Pick<Project['stack'], 'info'>;
  readonly predictions: Pick<Project['predictions'], 'list'>;
  readonly lines: Pick<Project['lines'], 'line'>;
  readonly labels: Pick<Project['labels'], 'lastSequence'>;
  readonly conditioning: Project['conditioning'];
}

/** How an audit is asked for; `seed` null = any. */
export interface WantedAudit {
  /** null = there is none. */
  readonly model: ModelId | null;
  readonly mask: MaskThresholds;
  readonly places: number;
  readonly seed: number | null;
}

const NM_PER_UM = 1000;

/**
 * Draws places from the slices that `model` has predicted, and measures how
 * much membrane of the mask each holds: the length of the thinned line of what
 * reaches the lower of the two thresholds.
 *
 * @throws MembranaError audit.nothing-predicted; AbortError
 */
export async function drawAudit(
  { stack, predictions, lines, labels, conditioning }: AuditSources,
  { model, mask, places, seed: wanted }: WantedAudit,
  signal: AbortSignal,
): Promise<Audit> {
  const slices = predictions
    .list()
    .filter((prediction) => prediction.model === model)
    .map(({ z }) => z);
  if (model === null || slices.length === 0)
    throw new MembranaError('audit.nothing-predicted', 'The model has segmented no slice yet.', {
      hint: 'Segment slices first: places are drawn from them.',
    });
  const shown = conditioning?.value ?? noConditioning;
  const { width, height, voxelSize } = stack.info;
  const seed = wanted ?? randomInt(2 ** 32);
  const { frames, all } = drawFrames({ width, height }, slices, places, seed);
  const nanometres = voxelSize.x === null || voxelSize.y === null ? null : voxelSize;
  const from = firstByte(Math.min(mask.pixel, mask.cells));
  const lengths = new Map<
    (typeof frames)[number],
    { pixels: number; micrometres: number | null }
  >();
  // Slice by slice, so that each line is made once.
  for (const frame of frames.toSorted((one, other) => one.z - other.z)) {
    const line = await lines.line(model, frame.z, from, signal);
    if (line === null) continue;
    const pixels = lineLength(line, frame, { x: 1, y: 1 });
    const micrometres =
      nanometres === null
        ? null
        : lineLength(line, frame, {
            x: (nanometres.x ?? 0) / NM_PER_UM,
            y: (nanometres.y ?? 0) / NM_PER_UM,
          });
    lengths.set(frame, { pixels, micrometres });
  }
  return {
    created: new Date().toISOString(),
    seed,
    state: { model, mask, sequence: labels.lastSequence, conditioning: shown },
    frames: all,
    slices: slices.length,
    places: frames.flatMap((frame) => {
      const length = lengths.get(frame);
      return length ? [{ ...frame, ...length, answer: null }] : [];
    }),
  };
}
