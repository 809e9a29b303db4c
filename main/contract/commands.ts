import { z } from 'zod';
import {
  AppInfo,
  ArrangedStack,
  AuditAnswer,
  AuditView,
  BadBlock,
  CellChanges,
  ClassCount,
  ClassUse,
  ClassThreshold,
  Conditioning,
  ConditioningView,
  EngineOverview,
  ExportedImage,
  ExportFormat,
  FoundAudit,
  Grant,
  ImportChoice,
  Job,
  LabelClass,
  LabelFileSummary,
  LabelSummary,
  LayerKey,
  MaskThresholds,
  MaskValues,
  MissingSlices,
  ModelNote,
  ModelVersion,
  MOST_ACTIVE_SECONDS,
  MOST_PLACES,
  ProjectOpening,
  ProjectView,
  QueueEntry,
  RecentItem,
  Settings,
  SliceStatistics,
  StackInfo,
  TruthLayer,
  ViewState,
  VoxelSize,
} from './entities';
import { MenuKeys } from './events';
import { GrantId, JobId, LayerId, ModelId, ProjectId, StackId } from './ids';
import { ProjectStep, EncodedEdit } from './project-step';
import { Version, VersionName } from './version';

const nothing = z.null();
const slice = z.int().nonnegative();
const SliceChoice = z.union([z.literal('all'), z.array(slice).min(1)]);
const job = z.object({ job: JobId });
/** Where the masks of two versions begin. */
const ComparedMasks = z.object({ from: MaskThresholds, to: MaskThresholds });
/** What is open by now may be another project: every command on one says which it means. */
const at = ProjectOpening;

/** Links the app may open in the browser, by id; the table of addresses is main's. */
export const externalLinks = [
  'isbi2012',
  'vnc',
  'licence-cc-by-nc-sa-3',
  'tensorflow',
  'electron',
] as const;

/** Every command: name → what goes in, what comes out. Handlers, preload and client derive from this map. */
export const commands = {
  'app.info': { input: nothing, output: AppInfo },
  'app.openLink': { input: z.object({ link: z.enum(externalLinks) }), output: nothing },
  'app.saveDiagnostics': {
    input: nothing,
    output: z.object({ saved: z.boolean(), name: z.string() }),
  },
  'settings.set': { input: Settings.partial(), output: Settings },
  // The window owns the keymap; the menu shows it.
  'menu.setKeys': { input: z.object({ keys: MenuKeys }), output: nothing },
  'recent.list': { input: nothing, output: z.array(RecentItem) },
  'recent.clear': { input: nothing, output: nothing },
  // Answers what is known at once; `refresh` forgets it and probes anew. `engines.changed` tells the rest.
  'engines.list': { input: z.object({ refresh: z.boolean() }), output: EngineOverview },

  // Main shows the dialog and keeps the path; null = the user cancelled.
  'dialog.open': {
    input: z.object({
      kind: z.enum(['stack', 'stack-folder', 'labels', 'labels-folder', 'project', 'model']),
    }),
    output: Grant.nullable(),
  },
  'dialog.save': {
    input: z.object({
      kind: z.enum([...ExportFormat.options, 'report']),
      name: z.string().max(200),
    }),
    output: Grant.nullable(),
  },
  // Shows a file that the user chose to write in the system's file manager.
  'files.show': { input: z.object({ grant: GrantId }), output: nothing },

  // The folder that new projects are made in, by name; `choose` asks for another one, null = the user cancelled.
  'projects.folder': { input: nothing, output: z.object({ name: z.string() }) },
  'projects.choose': { input: nothing, output: z.object({ name: z.string() }).nullable() },

  // One stack of a file or a folder that holds several, as the data of `stack.several` names it.
  'stack.part': {
    input: z.object({ grant: GrantId, part: z.string().min(1).max(4096) }),
    output: Grant,
  },
  'stack.probe': { input: z.object({ grant: GrantId }), output: StackInfo },
  'stack.statistics': { input: z.object({ stack: StackId, z: slice }), output: SliceStatistics },
  'stack.badBlocks': { input: z.object({ stack: StackId, z: slice }), output: z.array(BadBlock) },

  // A stack opens in its project, made on first sight; a project folder opens as it is.
  'project.open': { input: z.object({ grant: GrantId }), output: ProjectView },
  // The window shows this project, whatever main has open: makes it the open one again, as a new opening.
  'project.resume': { input: z.object({ project: ProjectId }), output: ProjectView },
  'project.close': { input: z.object({ at }), output: nothing },
  'project.saveView': { input: z.object({ at, view: ViewState }), output: nothing },
  'project.setVoxelSize': { input: z.object({ at, voxelSize: VoxelSize }), output: nothing },
  // One step of the undo history that is no label patch; it shares their sequence. The answer comes after the journal is flushed.
  'project.apply': {
    input: z.object({ at, step: ProjectStep }),
    output: z.object({ sequence: z.int() }),
  },
  // Steps of both kinds, oldest first, that rebuild the undo history within `bytes`.
  'project.history': {
    input: z.object({ at, bytes: z.int().positive() }),
    output: z.array(EncodedEdit),
  },

  // The stack of the open project is now this file. Another file than the project knew is refused unless the user said so.
  'project.relink': {
    input: z.object({ at, grant: GrantId, acceptOther: z.boolean() }),
    output: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('relinked'), project: ProjectView }),
      z.object({ kind: z.literal('other-file'), name: z.string() }),
    ]),
  },

  // Brings another stack or layer into the window, as a new opening of the project; steps of the history list and remove them.
  'layers.choose': { input: z.object({ at, key: LayerKey }), output: ProjectView },
  // Takes a stack up, which a step then lists; one that was removed before comes back as it was.
  'layers.addStack': { input: z.object({ at, grant: GrantId }), output: ArrangedStack },
  // Encoded patches, one a slice, that make an empty layer of the same stack the same, numbered from `sequence` on.
  // Adds a layer of ids with the same ids, as a step that main makes: the window takes up the opening that comes back.
  'layers.duplicateIds': {
    input: z.object({ at, from: LayerKey, into: LayerId, name: z.string().min(1).max(80) }),
    output: ProjectView,
  },
  'layers.copy': {
    input: z.object({ at, from: LayerKey, into: LayerId, sequence: z.int().positive() }),
    output: z.array(z.instanceof(Uint8Array)),
  },

  // Named states of the labels, newest first; one never changes once it is saved.
  'versions.list': { input: z.object({ at }), output: z.array(Version) },
  'versions.save': { input: z.object({ at, name: VersionName }), output: Version },
  // Encoded patches, one a slice, that make the labels those of the version; the window paints them as one step.
  'versions.restore': {
    input: z.object({ at, version: z.int().positive() }),
    output: z.object({
      version: Version,
      patches: z.array(z.instanceof(Uint8Array)),
      classes: z.array(LabelClass),
    }),
  },

  // One encoded LabelPatch a stroke; the answer comes after the journal is flushed.
  'labels.append': {
    input: z.object({ at, patch: z.instanceof(Uint8Array) }),
    output: z.object({ sequence: z.int() }),
  },
  'labels.export': {
    input: z.object({
      at,
      grant: GrantId,
      what: ExportedImage,
      format: ExportFormat.default('tiff'),
      /** Of a mask. */
      values: MaskValues.default('0/255'),
      mask: MaskThresholds,
      // A class that the version in use finds beside membrane, for its mask or probability; null = membrane.
      class: ClassThreshold.nullable().default(null),
      slices: SliceChoice,
      missing: MissingSlices,
    }),
    output: job,
  },

  // What a label file of another program holds, and what its values probably mean; it must fit the stack that is shown.
  'labels.inspect': { input: z.object({ at, grant: GrantId }), output: LabelFileSummary },
  // Encoded patches, one a slice, that bring a label file into the layer that is shown; the window paints them as one step.
  'labels.import': {
    input: z.object({ at, grant: GrantId, choice: ImportChoice }),
    output: z.array(z.instanceof(Uint8Array)),
  },
  // Labelled pixels of every class that has any, on a slice or on all of them (`z: null`).
  'labels.classCounts': {
    input: z.object({ at, z: slice.nullable() }),
    output: z.array(ClassCount),
  },
  // The layers of the project, removed ones among them, that have pixels of a class.
  'labels.classUse': {
    input: z.object({ at, class: LabelClass.shape.id }),
    output: z.array(ClassUse),
  },
  // A label stack to compare with, of the same width, height and depth; the newest takes the place of the last.
  'truth.open': { input: z.object({ at, grant: GrantId }), output: TruthLayer },
  'truth.close': { input: z.object({ at }), output: nothing },
  // Holds the mask of the segmented slices against the truth that is open.
  'accuracy.measure': {
    input: z.object({ at, mask: MaskThresholds, membrane: z.number() }),
    output: job,
  },

  'segment.start': {
    input: z.object({
      at,
      stack: StackId,
      slices: SliceChoice,
      model: ModelId,
      // Gives way to every other job; slices that the model has predicted by then are passed over.
      background: z.boolean().default(false),
    }),
    output: job,
  },
  // What is done to slices before a network sees them, by hand; predictions made under another stay until they are made again.
  'conditioning.set': {
    input: z.object({ at, conditioning: Conditioning }),
    output: ConditioningView,
  },
  // Holds the model's answers to a few slices against those to their transposes.
  'trust.measure': { input: z.object({ at, model: ModelId }), output: job },
  'train.inspectLabels': {
    input: z.object({ image: GrantId, labels: GrantId }),
    output: LabelSummary,
  },
  'train.start': {
    input: z.object({
      /** null = nothing is open: it goes to the project of the image stack. */
      at: at.nullable(),
      image: GrantId,
      labels: GrantId,
      membrane: z.number(),
      train: z.array(slice).min(1),
      validate: z.array(slice),
      baseFilters: z.int().min(4).max(64),
      budget: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('steps'), steps: z.int().min(1).max(1_000_000) }),
        z.object({ kind: z.literal('minutes'), minutes: z.number().positive() }),
      ]),
      seed: z.int().nonnegative(),
      from: ModelId.nullable(),
      name: z.string().max(60),
    }),
    output: job,
  },
  'retrain.start': {
    input: z.object({ at, stack: StackId, z: slice, mask: MaskThresholds }),
    output: job,
  },
  // Fits the version in use to the stack, of which nothing need be labelled; `z` is in view.
  'fit.start': { input: z.object({ at, stack: StackId, z: slice }), output: job },
  // Where predictions of the version in use are probably wrong, the looks that pay most first. A newer call ends an older one.
  'queue.list': {
    input: z.object({ at, threshold: z.number().min(0).max(1) }),
    output: z.object({
      entries: z.array(QueueEntry),
      /** Slices that have a prediction to look through. */
      slices: z.int().nonnegative(),
    }),
  },
  // What one version changes against another in cells, on the slices that both have segmented as they are shown to models now. A newer call ends an older one.
  'changes.list': {
    input: z.object({ at, from: ModelId, to: ModelId, masks: ComparedMasks }),
    output: CellChanges,
  },
  // Segments with both versions what one of them lacks, the slices nearest to `z` first; neither is put in use.
  'changes.complete': {
    input: z.object({ at, from: ModelId, to: ModelId, z: slice }),
    output: job,
  },
  // The audit of this project and what its answers come to.
  'audit.read': { input: z.object({ at }), output: FoundAudit },
  // Draws places from the slices that the version in use has predicted; takes the place of the audit before. A damaged one stays in the project under another name.
  'audit.start': {
    input: z.object({
      at,
      mask: MaskThresholds,
      places: z.int().min(1).max(MOST_PLACES),
      /** null = any. */
      seed: z.int().nonnegative().max(0xffff_ffff).nullable(),
    }),
    output: AuditView,
  },
  // What a person says of the place of this number, from 0; null takes it back.
  'audit.answer': {
    input: z.object({ at, place: z.int().nonnegative(), answer: AuditAnswer.nullable() }),
    output: AuditView,
  },
  // A page (HTML) of everything that a reader needs to judge and repeat the work, and the same as a table (CSV) beside it.
  'report.save': {
    input: z.object({ at, grant: GrantId, mask: MaskThresholds }),
    output: z.object({ name: z.string(), csv: z.string() }),
  },
  // Time at the canvas since the last call, in seconds.
  'effort.active': {
    input: z.object({ at, seconds: z.number().positive().max(MOST_ACTIVE_SECONDS) }),
    output: nothing,
  },
  'job.cancel': { input: job, output: nothing },
  'jobs.list': { input: nothing, output: z.array(Job) },

  'models.list': { input: nothing, output: z.array(ModelVersion) },
  // What the user wrote about versions; an empty text takes a note away. The answer comes when it is on the disk.
  'models.notes': { input: z.object({ at }), output: z.array(ModelNote) },
  'models.setNote': { input: z.object({ at, note: ModelNote }), output: z.array(ModelNote) },
} as const;

export type CommandMap = typeof commands;
export type CommandName = keyof CommandMap;
export type CommandInput<N extends CommandName> = z.input<CommandMap[N]['input']>;
export type CommandOutput<N extends CommandName> = z.output<CommandMap[N]['output']>;

/** Every answer through the door. */
export type CommandAnswer<N extends CommandName> =
  | { readonly ok: true; readonly value: CommandOutput<N> }
  | { readonly ok: false; readonly error: import('./errors').ErrorReport };
