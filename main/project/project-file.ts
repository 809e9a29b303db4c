import { z } from 'zod';
import {
  classList,
  LabelClass,
  LayerKey,
  layerShapes,
  layersOf,
  ModelNote,
  StackConditioning,
  StackInfo,
  StackTrust,
  ViewState,
  VoxelSize,
} from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { ModelId, ProjectId, StackId } from '#contract/ids';
import { limits } from '#contract/limits';
import { sealJson, unsealJson } from '../storage/checksum';

/** Format of project.json that this version writes. */
export const PROJECT_FORMAT = 4;

/** Size, and SHA-256 of head and tail, that a source is known by when it moved. */
export const SourceFingerprint = z.object({
  size: z.number().nonnegative(),
  head: z.string().max(limits.name),
  tail: z.string().max(limits.name),
});
export type SourceFingerprint = z.infer<typeof SourceFingerprint>;

/** Predictions of a model that are on the disk and that a step took out of view. */
const HiddenPredictions = z.object({
  model: ModelId,
  slices: z.array(z.int().nonnegative()).max(limits.slices),
});
export type HiddenPredictions = z.infer<typeof HiddenPredictions>;

/** What the stack was, as far as a file may claim it. */
const StoredInfo = StackInfo.refine(
  ({ width, height, depth }) =>
    [width, height, depth].every((edge) => edge >= 1 && edge <= limits.edge) &&
    width * height <= limits.slicePixels,
  'no stack has that size',
).refine(({ warnings }) => warnings.length <= limits.entries, 'no stack has that many warnings');

/** Fields of later versions stay. */
const StoredLayer = z.discriminatedUnion('kind', [
  z.looseObject(layerShapes.classes),
  z.looseObject(layerShapes.cells),
]);

const StackEntry = z.looseObject({
  id: StackId,
  name: z.string().max(limits.name),
  /** Where the pixels were last seen; hints, to be checked against the fingerprint. */
  source: z.looseObject({
    relative: z.string().max(limits.path).nullable(),
    absolute: z.string().max(limits.path),
    fingerprint: SourceFingerprint,
  }),
  info: StoredInfo,
  /** Set by the user; null = what the file says. */
  voxelSize: VoxelSize.nullable(),
  /** False: removed from the project; what lies in it stays for undo. */
  listed: z.boolean(),
  /** Layers of labels, in their order. */
  layers: layersOf(StoredLayer),
  /** Layers that were removed; their labels stay for undo. */
  removedLayers: z.array(StoredLayer).max(limits.entries),
  /** How it was looked at when it was in the window last; null = never, or it is there now. */
  view: ViewState.nullable().default(null),
  hiddenPredictions: z.array(HiddenPredictions).max(limits.entries),
  /** null = nobody has chosen: slices go to the network as they are. */
  conditioning: StackConditioning.nullable().default(null),
  /** How far the model that it names can be trusted here; null = not measured. */
  trust: StackTrust.nullable().default(null),
});
export type StackEntry = z.infer<typeof StackEntry>;

/** Files of earlier versions name no key: there a class's number was its key. */
const StoredClass = z.preprocess((value) => {
  const bare = z
    .looseObject({ id: z.int().min(1).max(9), key: z.undefined().optional() })
    .safeParse(value);
  return bare.success ? { ...bare.data, key: bare.data.id } : value;
}, LabelClass);

/** A text beside the work never costs a project its opening: what is no note, or is too long for one, is passed over. */
const StoredNotes = z
  .array(z.unknown())
  .max(limits.entries)
  .transform((list) => list.flatMap((one) => ModelNote.safeParse(one).data ?? []));

export const ProjectFile = z.looseObject({
  format: z.int().positive(),
  /** Oldest format whose readers understand this file. */
  minimumReader: z.int().positive(),
  id: ProjectId,
  name: z.string().min(1).max(limits.name),
  created: z.string().max(limits.name),
  stacks: z
    .array(StackEntry)
    .min(1)
    .max(limits.entries)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'a stack comes twice')
    .refine((all) => all.some(({ listed }) => listed), 'every stack is removed'),
  /** The stack in the window and the layer that is painted in; the first ones where that is not to be had. */
  shown: LayerKey,
  classes: classList(StoredClass),
  view: ViewState,
  model: ModelId.nullable(),
  /** What the user wrote about model versions, which are files that never change themselves. */
  modelNotes: StoredNotes.default([]),
  /** The last step of the history that is folded in here; the journal has the later ones. */
  stepSequence: z.int().nonnegative().max(limits.sequence),
});
export type ProjectFile = z.infer<typeof ProjectFile>;

/** project.json as read: what we understand of it, and whether we may write it. */
export interface LoadedProject {
  readonly content: ProjectFile;
  /** Written by a newer version that older ones may still read, by an older one, or by one like this. */
  readonly age: 'newer' | 'older' | 'same';
}

export type Migration = (content: Record<string, unknown>) => Record<string, unknown>;

/**
 * Format 2: the journal may hold steps that are no label patches. A reader of
 * format 1 would take such a record for damage, so it must not open the project.
 */
function stepsFromJournal(content: Record<string, unknown>): Record<string, unknown> {
  const stacks = z.array(z.looseObject({})).safeParse(content['stacks']);
  return {
    ...content,
    minimumReader: 2,
    stacks: stacks.success
      ? stacks.data.map((entry) => ({ ...entry, hiddenPredictions: [] }))
      : content['stacks'],
    stepSequence: 0,
  };
}

/**
 * Format 3: records of the journal say who wrote them. A reader of format 2
 * would take them for damage, and go on in files of another process.
 */
function stampedRecords(content: Record<string, unknown>): Record<string, unknown> {
  return { ...content, minimumReader: 3 };
}

/**
 * Format 4: several stacks and several layers of labels. A reader of format 3
 * would not know edits over layers, and would take a checkpoint of several for damage.
 */
function severalLayers(content: Record<string, unknown>): Record<string, unknown> {
  const stacks = z
    .array(z.looseObject({ id: z.string(), layer: z.string() }))
    .min(1)
    .safeParse(content['stacks']);
  if (!stacks.success) return { ...content, minimumReader: 4 };
  const [first] = stacks.data;
  return {
    ...content,
    minimumReader: 4,
    stacks: stacks.data.map(({ layer, ...entry }) => ({
      ...entry,
      listed: true,
      layers: [firstLayer(layer)],
      removedLayers: [],
    })),
    shown: { stack: first?.id, layer: first?.layer },
  };
}

/** The layer that every stack begins with. */
export function firstLayer<Id>(id: Id): {
  readonly id: Id;
  readonly name: string;
  readonly kind: 'classes';
  readonly element: 'uint8';
  readonly colour: 'by-class';
  readonly hidden: false;
} {
  const look = { kind: 'classes', element: 'uint8', colour: 'by-class', hidden: false } as const;
  return { id, name: 'Labels', ...look };
}

/** Step `n` takes the content of format n to format n + 1. Format 1 is the first. */
export const migrations: Readonly<Record<number, Migration>> = {
  1: stepsFromJournal,
  2: stampedRecords,
  3: severalLayers,
};

/** Takes content of `format` to format `target`, step by step. */
export function migrate(
  content: Record<string, unknown>,
  format: number,
  target: number,
  steps: Readonly<Record<number, Migration>>,
): Record<string, unknown> {
  let current = content;
  for (let from = format; from < target; from += 1) {
    const step = steps[from];
    if (!step) throw corrupt(`format ${String(from)} is unknown`);
    current = { ...step(current), format: from + 1 };
  }
  return current;
}

function corrupt(reason: string): MembranaError {
  return new MembranaError('project.corrupt', `project.json is damaged: ${reason}.`, {
    hint: 'Put back a copy of project.json from a backup; labels and models are separate files and are kept.',
    safe: 'Labels, journal and models in the project folder are untouched.',
    data: { file: 'project.json', reason },
  });
}

const Versions = z.looseObject({
  format: z.int().positive(),
  minimumReader: z.int().positive(),
});

/**
 * Reads project.json.
 *
 * @throws MembranaError project.corrupt, project.newer-version
 */
export function parseProjectFile(bytes: Uint8Array): LoadedProject {
  const content = unsealJson(new TextDecoder().decode(bytes));
  if (!content) throw corrupt('its checksum does not match');
  const versions = Versions.safeParse(content);
  if (!versions.success) throw corrupt('it has no format number');
  const { format, minimumReader } = versions.data;
  if (minimumReader > PROJECT_FORMAT)
    throw new MembranaError(
      'project.newer-version',
      `This project was made by a newer version of Membrana (format ${String(format)}; this one reads up to ${String(PROJECT_FORMAT)}).`,
      {
        hint: 'Install the newest version, then open it again.',
        safe: 'Nothing in the project was changed.',
        data: { format, supported: PROJECT_FORMAT },
      },
    );
  const parsed = ProjectFile.safeParse(migrate(content, format, PROJECT_FORMAT, migrations));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw corrupt(`${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'not understood'}`);
  }
  const age = format > PROJECT_FORMAT ? 'newer' : format < PROJECT_FORMAT ? 'older' : 'same';
  return { content: parsed.data, age };
}

/** project.json as it is written; fields that we don't know stay. */
export function encodeProjectFile(content: ProjectFile): Uint8Array {
  return new TextEncoder().encode(`${sealJson(content)}\n`);
}
