import { z } from 'zod';
import { errorCodes } from './errors';
import { GrantId, JobId, ModelId, ProjectId, StackId } from './ids';

const count = z.int().nonnegative();
const probability = z.number().min(0).max(1);

export const ErrorReport = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string(),
  safe: z.string().optional(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** Pixel edge lengths in nanometres; null = unknown. Anisotropy is the rule in EM. */
export const VoxelSize = z.object({
  x: z.number().positive().nullable(),
  y: z.number().positive().nullable(),
  z: z.number().positive().nullable(),
  source: z.enum(['file', 'assumed', 'user', 'unknown']),
});
export type VoxelSize = z.infer<typeof VoxelSize>;

/** Edge lengths of a pixel within a slice, both known. */
export const PixelSize = z.object({
  x: z.number().positive(),
  y: z.number().positive(),
  unit: z.literal('nm'),
});
export type PixelSize = z.infer<typeof PixelSize>;

export const elementTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
] as const;
export const ElementType = z.enum(elementTypes);
export type ElementType = z.infer<typeof ElementType>;

export const StackWarning = z.object({
  code: z.string(),
  message: z.string(),
  page: count.optional(),
});
export type StackWarning = z.infer<typeof StackWarning>;

/** What a reader understood of a source. Sizes in pixels, depth in slices. */
export const StackInfo = z.object({
  width: count,
  height: count,
  depth: count,
  type: ElementType,
  samples: count,
  voxelSize: VoxelSize,
  axes: z.string(),
  compression: z.string(),
  byteOrder: z.enum(['little', 'big']),
  fileBytes: z.number().nonnegative(),
  warnings: z.array(StackWarning),
});
export type StackInfo = z.infer<typeof StackInfo>;

export const Grant = z.object({
  id: GrantId,
  name: z.string(),
  kind: z.enum(['stack', 'labels', 'project', 'model', 'save']),
});
export type Grant = z.infer<typeof Grant>;

export const BadBlock = z.object({
  x: count,
  y: count,
  width: count,
  height: count,
  state: z.enum(['missing', 'truncated', 'corrupt']),
  reason: z.string(),
});
export type BadBlock = z.infer<typeof BadBlock>;

/** 256 bins over [min, max] of the finite values; low/high = the 0.5 and 99.5 percentiles. */
export const SliceStatistics = z.object({
  min: z.number(),
  max: z.number(),
  low: z.number(),
  high: z.number(),
  mean: z.number(),
  bins: z.array(count).length(256),
});
export type SliceStatistics = z.infer<typeof SliceStatistics>;

export const LabelClass = z.object({
  id: z.int().min(1).max(126),
  name: z.string().min(1).max(60),
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
});
export type LabelClass = z.infer<typeof LabelClass>;

/** Held-out scores; thresholds are on membrane probability. V_* at `threshold`, Dice, IoU and accuracy at `pixelThreshold`. */
export const Scores = z.object({
  vInfo: z.number(),
  vRand: z.number(),
  dice: z.number(),
  accuracy: z.number(),
  threshold: probability,
  pixelThreshold: probability,
});
export type Scores = z.infer<typeof Scores>;

export const LossPoint = z.object({
  step: count,
  loss: z.number(),
  validation: z.number().optional(),
});
export type LossPoint = z.infer<typeof LossPoint>;

/** A model as the window shows it; weights stay on disk. Versions never change once made. */
export const ModelVersion = z.object({
  id: ModelId,
  name: z.string(),
  origin: z.enum(['bundled', 'trained', 'retrained', 'imported']),
  parent: ModelId.nullable(),
  created: z.string(),
  baseFilters: count,
  parameters: count,
  thresholds: z.object({ topology: probability, pixel: probability }),
  /** Of the slices that it learnt from; null = not known. */
  pixelSize: PixelSize.nullable(),
  scores: Scores.nullable(),
  /** Which slices the scores come from: those of two versions compare only where this is the same. */
  scoresNote: z.string(),
  training: z
    .object({
      steps: count,
      seconds: z.number(),
      engine: z.string(),
      seed: count,
      summary: z.string(),
      curve: z.array(LossPoint),
    })
    .nullable(),
  licence: z.string(),
  citation: z.string(),
  status: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('accepted'), reason: z.string() }),
    z.object({ kind: z.literal('kept-aside'), reason: z.string() }),
  ]),
});
export type ModelVersion = z.infer<typeof ModelVersion>;

export const ViewState = z.object({
  z: count,
  /** Screen pixels (CSS) per image pixel, and the image point at the centre; null = fit. */
  zoom: z.number().positive().nullable(),
  centre: z.object({ x: z.number(), y: z.number() }).nullable(),
  window: z.object({ min: z.number(), max: z.number() }).nullable(),
  threshold: probability.nullable(),
});
export type ViewState = z.infer<typeof ViewState>;

/** Reviewed pixels of a slice; slices without any are left out. */
export const Coverage = z.object({ z: count, painted: count, confirmed: count });
export type Coverage = z.infer<typeof Coverage>;

export const RecoveryReport = z.object({
  strokesRecovered: count,
  recordsSetAside: count,
  cleanShutdown: z.boolean(),
  message: z.string(),
});
export type RecoveryReport = z.infer<typeof RecoveryReport>;

export const ProjectView = z.object({
  id: ProjectId,
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
  layer: z.string(),
  classes: z.array(LabelClass),
  view: ViewState,
  model: ModelId.nullable(),
  models: z.array(ModelVersion),
  /** Which model's probability map exists for which slices. */
  predictions: z.array(z.object({ model: ModelId, z: count })),
  coverage: z.array(Coverage),
  /** Sequence of the last journalled patch; the window goes on from the next. */
  lastSequence: count,
  recovery: RecoveryReport.nullable(),
});
export type ProjectView = z.infer<typeof ProjectView>;

export const RecentItem = z.object({
  grant: GrantId,
  name: z.string(),
  kind: z.enum(['project', 'stack']),
  detail: z.string(),
  opened: z.string(),
});
export type RecentItem = z.infer<typeof RecentItem>;

export const EngineName = z.enum(['onnx', 'tensorflow']);
export type EngineName = z.infer<typeof EngineName>;

/** What runs an engine's kernels: the processor, or one of the ways to a graphics card. */
export const EngineProvider = z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml']);
export type EngineProvider = z.infer<typeof EngineProvider>;

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  engine: z.enum(['auto', ...EngineName.options]),
  device: z.enum(['auto', 'cpu', 'gpu']),
  /** Narrows `device: 'gpu'` down where an engine has several ways to it. */
  provider: z.enum(['auto', ...EngineProvider.options]),
  wheel: z.enum(['slices', 'zoom']),
});
export type Settings = z.infer<typeof Settings>;

/** One engine on one device, as its probe found it. */
export const EngineReport = z.object({
  name: EngineName,
  device: z.enum(['cpu', 'gpu']),
  provider: EngineProvider,
  /** `untried`: not probed on this machine yet. `refused`: `reason` says why. `not-set-up`: `hint` says how to add it. */
  verdict: z.enum(['untried', 'probing', 'passes', 'refused', 'not-set-up']),
  /** It starts here; whether it may touch data is the verdict's to say. */
  available: z.boolean(),
  /** One sentence in plain words. */
  reason: z.string().optional(),
  hint: z.string().optional(),
  /** What the library said, for a report of a problem. */
  detail: z.string().optional(),
  canTrain: z.boolean(),
  /** `maxError`: the largest difference from the stored numbers. */
  probe: z.object({ ok: z.boolean(), maxError: z.number() }).nullable(),
  forwardMs: z.number().nullable(),
  stepMs: z.number().nullable(),
});
export type EngineReport = z.infer<typeof EngineReport>;

/** What the next job of a kind runs on, and why that. */
export const EnginePick = z.object({
  name: EngineName,
  device: z.enum(['cpu', 'gpu']),
  provider: EngineProvider,
  /** `learned`: a job had to step down to it. `untried`: nothing is probed yet, so the default. */
  why: z.enum(['fastest', 'only', 'given', 'learned', 'untried']),
});
export type EnginePick = z.infer<typeof EnginePick>;

export const EngineOverview = z.object({
  engines: z.array(EngineReport),
  probing: z.boolean(),
  /** When the last probe of this machine ended; null = there was none. */
  probed: z.string().nullable(),
  /** null = nothing that was asked for may be used. */
  segment: EnginePick.nullable(),
  train: EnginePick.nullable(),
  /** What jobs had to step down from on this machine, a sentence each. */
  lessons: z.array(z.string()),
});
export type EngineOverview = z.infer<typeof EngineOverview>;

export const JobKind = z.enum(['segment', 'train', 'retrain', 'export']);
export type JobKind = z.infer<typeof JobKind>;

/** What a finished job leaves. Changed pixels compare the current slice's mask before and after. */
export const JobResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('segmented'),
    slices: count,
    seconds: z.number(),
    model: ModelId,
    skipped: z.array(z.object({ z: count, reason: z.string() })),
    /** What the pixel sizes of stack and model meant for it; empty = nothing to tell. */
    pixelNote: z.string(),
  }),
  z.object({
    kind: z.literal('trained'),
    model: ModelId,
    accepted: z.boolean(),
    reason: z.string(),
    before: Scores.nullable(),
    after: Scores.nullable(),
    seconds: z.number(),
    steps: count,
    changed: z.object({ z: count, pixels: count }).nullable(),
  }),
  z.object({ kind: z.literal('exported'), name: z.string(), bytes: z.number() }),
]);
export type JobResult = z.infer<typeof JobResult>;

const jobBase = {
  id: JobId,
  kind: JobKind,
  title: z.string(),
  /** What happened on the way that a person should know, such as a step down to another engine. */
  remarks: z.array(z.string()).optional(),
};
export const Job = z.discriminatedUnion('state', [
  z.object({ ...jobBase, state: z.literal('queued') }),
  z.object({
    ...jobBase,
    state: z.literal('running'),
    done: z.number(),
    total: z.number(),
    unit: z.enum(['slices', 'steps', 'bytes']),
    secondsLeft: z.number().nullable(),
    note: z.string(),
  }),
  z.object({ ...jobBase, state: z.literal('done'), result: JobResult }),
  z.object({ ...jobBase, state: z.literal('failed'), error: ErrorReport }),
  z.object({ ...jobBase, state: z.literal('cancelled') }),
]);
export type Job = z.infer<typeof Job>;

/** Streamed while a model trains; pictures are fetched by pixel URL `preview/<job>/<step>/…`. */
export const TrainingUpdate = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    step: count,
    steps: count,
    loss: z.number(),
    learningRate: z.number(),
  }),
  z.object({ kind: z.literal('validation'), step: count, scores: Scores, loss: z.number() }),
  z.object({ kind: z.literal('preview'), step: count, width: count, height: count }),
]);
export type TrainingUpdate = z.infer<typeof TrainingUpdate>;

/** What the values of a label stack could mean, for the train dialog. */
export const LabelSummary = z.object({
  width: count,
  height: count,
  depth: count,
  values: z.array(z.object({ value: z.number(), fraction: z.number() })),
  suggestedMembrane: z.number().nullable(),
  suggestedTrain: z.string(),
  suggestedValidate: z.string(),
});
export type LabelSummary = z.infer<typeof LabelSummary>;

export const AppInfo = z.object({
  version: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  settings: Settings,
  recent: z.array(RecentItem),
  sample: GrantId.nullable(),
  /** Files named on the command line, waiting to be opened. */
  opening: z.array(Grant),
  bundledModels: z.array(ModelVersion),
});
export type AppInfo = z.infer<typeof AppInfo>;
