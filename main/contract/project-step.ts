import { z } from 'zod';
import { asciiJson, parseAsciiJson } from './ascii-json';
import { Arrangement, LabelClass, classList } from './entities';
import { MembranaError } from './errors';
import { ModelId, StackId } from './ids';
import { limits } from './limits';
import type { PatchAction } from './label-patch';

const classes = classList(LabelClass.strict());

/** A prediction out of view stays on the disk; segmenting the slice again shows it too. */
const Visibility = z.enum(['hidden', 'shown']);

/**
 * What a step changes in a project besides label pixels, before and after.
 * Absolute ("the classes become these"), so applying it twice is harmless.
 */
export const ProjectChange = z.discriminatedUnion('kind', [
  /** All classes, in their order: added, renamed, recoloured, given another key, removed, moved. */
  z.strictObject({ kind: z.literal('classes'), before: classes, after: classes }),
  /** The model in use; null = the default one. */
  z.strictObject({
    kind: z.literal('model'),
    before: ModelId.nullable(),
    after: ModelId.nullable(),
  }),
  /** Predictions of a model that came into view, or went out of it. */
  z.strictObject({
    kind: z.literal('predictions'),
    stack: StackId,
    model: ModelId,
    slices: z.array(z.int().nonnegative()).min(1).max(limits.slices),
    before: Visibility,
    after: Visibility,
  }),
  /** All stacks and layers that are listed, in their order: added, renamed, hidden, removed. What is removed keeps its labels. */
  z.strictObject({ kind: z.literal('layers'), before: Arrangement, after: Arrangement }),
]);
export type ProjectChange = z.infer<typeof ProjectChange>;

/** A step of the undo history that is no label patch. It shares the sequence of the patches. */
export const ProjectStep = z.strictObject({
  sequence: z.int().positive(),
  action: z.enum(['do', 'undo', 'redo']),
  /** What the user did, for "Undo …": Rename class, Segment slice 3, … */
  name: z.string().min(1).max(120),
  /** Steps of one group are taken back and done again together: the sequence of its first. */
  group: z.int().nonnegative().exactOptional(),
  change: ProjectChange,
});
export type ProjectStep = z.infer<typeof ProjectStep>;

/** A step of either kind as the journal holds it and as it crosses the door; a patch is encoded. */
export const EncodedEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('labels'), patch: z.instanceof(Uint8Array) }),
  z.object({ kind: z.literal('project'), step: ProjectStep }),
]);
export type EncodedEdit = z.infer<typeof EncodedEdit>;

/** The change that takes this one back; inverting twice gives the same again. */
export function invertChange(change: ProjectChange): ProjectChange {
  switch (change.kind) {
    case 'classes':
      return { ...change, before: change.after, after: change.before };
    case 'model':
      return { ...change, before: change.after, after: change.before };
    case 'layers':
      return { ...change, before: change.after, after: change.before };
    case 'predictions':
      return { ...change, before: change.after, after: change.before };
  }
}

/** The step that takes this one back. */
export function invertStep(step: ProjectStep, action: PatchAction, sequence: number): ProjectStep {
  return { ...step, action, sequence, change: invertChange(step.change) };
}

/** Bytes a step holds in memory, for budgets: two a character of its text. */
export function stepBytes(step: ProjectStep): number {
  return 128 + 2 * JSON.stringify(step.change).length;
}

/** A step as the journal keeps it: JSON in ASCII. */
export function encodeStep(step: ProjectStep): Uint8Array<ArrayBuffer> {
  return asciiJson(step);
}

/** Parses a step strictly; throws `project.step-invalid` on anything that does not fit. */
export function decodeStep(bytes: Uint8Array): ProjectStep {
  let json: unknown;
  try {
    json = parseAsciiJson(bytes);
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
  const parsed = ProjectStep.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'not understood'}`);
}

/** The step in some bytes; null where they are none that this version knows. */
export function readableStep(bytes: Uint8Array): ProjectStep | null {
  try {
    return decodeStep(bytes);
  } catch (error) {
    if (error instanceof MembranaError) return null;
    throw error;
  }
}

function invalid(reason: string, cause?: unknown): MembranaError {
  return new MembranaError(
    'project.step-invalid',
    `A step of the project's history could not be read: ${reason}.`,
    { hint: 'Reopen the project; what was saved before is kept.', data: { reason }, cause },
  );
}
