import { z } from 'zod';
import { LayerId, ModelId, OpeningId, ProjectId, StackId } from '../ids';
import { StackConditioning } from './conditioning';
import { Effort } from './effort';
import { Coverage, LabelClass } from './labels';
import { Arrangement, RemovedItem } from './layers';
import { ModelVersion } from './model';
import { count } from './numbers';
import { StackInfo } from './stack';
import { StackTrust } from './trust';
import { ViewState } from './view';

export const RecoveryReport = z.object({
  strokesRecovered: count,
  recordsSetAside: count,
  /** Saved strokes that no good record holds any more. */
  strokesMissing: count,
  /** Strokes in files of their own, painted by a process that had lost the project; they can be merged. */
  strokesAside: count.default(0),
  /** It is known how far the project had been saved, so that a lost end shows. */
  endKnown: z.boolean().default(true),
  /** Nothing that was reported saved is missing or damaged. */
  complete: z.boolean(),
  cleanShutdown: z.boolean(),
  message: z.string(),
});
export type RecoveryReport = z.infer<typeof RecoveryReport>;

/** Which project a command is meant for, and which opening of it: one that is over is refused. */
export const ProjectOpening = z.object({ project: ProjectId, opening: OpeningId });
export type ProjectOpening = z.infer<typeof ProjectOpening>;

const predicted = z.array(z.object({ model: ModelId, z: count }));

/** How slices are shown to networks, and what came of it. */
export const ConditioningView = z.object({
  /** null = nobody has chosen: slices go to the network as they are. */
  chosen: StackConditioning.nullable(),
  /** Of the model and the conditioning that it names; null = not measured yet. */
  trust: StackTrust.nullable(),
  /** Predictions in view that were made under another conditioning. */
  stale: predicted,
});
export type ConditioningView = z.infer<typeof ConditioningView>;

export const ProjectView = z.object({
  id: ProjectId,
  opening: OpeningId,
  name: z.string(),
  access: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('read-write') }),
    z.object({ kind: z.literal('read-only'), reason: z.string() }),
  ]),
  stack: z.object({
    id: StackId,
    name: z.string(),
    info: StackInfo,
    source: z.enum(['present', 'missing', 'changed']),
  }),
  /** The layer of labels that is shown and painted in. */
  layer: LayerId,
  /** All stacks and layers of the project. */
  arrangement: Arrangement,
  /** What was removed and can come back. */
  removed: z.array(RemovedItem),
  classes: z.array(LabelClass),
  view: ViewState,
  model: ModelId.nullable(),
  models: z.array(ModelVersion),
  /** Which model's probability map exists for which slices. */
  predictions: predicted,
  conditioning: ConditioningView,
  coverage: z.array(Coverage),
  effort: Effort,
  /** Sequence of the last journalled patch; the window goes on from the next. */
  lastSequence: count,
  recovery: RecoveryReport.nullable(),
});
export type ProjectView = z.infer<typeof ProjectView>;
