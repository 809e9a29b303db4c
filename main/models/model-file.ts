import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  Conditioning,
  LossPoint,
  ModelClass,
  Obedience,
  PixelSize,
  Scores,
  UnlabelledCheck,
} from '#contract/entities';
import { ModelId } from '#contract/ids';
import { limits } from '#contract/limits';

const count = z.int().nonnegative();
const probability = z.number().min(0).max(1);
const name = z.string().max(limits.name);
const text = z.string().max(limits.text);

/** Four times the largest network that is trained on one card. */
const MOST_PARAMETERS = 128 << 20;

/** How a version came to be: enough to do it again. */
export const TrainingRecord = z.object({
  steps: count,
  seconds: z.number().nonnegative(),
  engine: name,
  device: name,
  seed: count,
  /** One sentence for the model list. */
  summary: text,
  /** What it learnt from, by name and SHA-256 of the file's first and last MiB; empty when the data is not a file. */
  data: z.array(z.object({ name, fingerprint: name, slices: text })).max(limits.entries),
  recipe: z
    .record(name, z.union([text, z.number(), z.boolean()]))
    .refine((recipe) => Object.keys(recipe).length <= limits.entries, 'too many settings'),
  curve: z.array(LossPoint).max(20_000),
  /** Left out where it did not learn from strokes, and in files from before it was measured. */
  obedience: Obedience.optional(),
  /** As `obedience`. */
  unlabelled: UnlabelledCheck.optional(),
});
export type TrainingRecord = z.infer<typeof TrainingRecord>;

/** `model.json` of a model version. The network stays unread here; the engine's side parses it before use. */
export const ModelFile = z.object({
  format: z.literal('membrana-model'),
  version: z.literal(1),
  id: ModelId,
  name: z.string().min(1).max(120),
  origin: z.enum(['bundled', 'trained', 'retrained', 'fitted', 'imported']),
  parent: ModelId.nullable(),
  created: z.iso.datetime(),
  network: z.record(z.string(), z.unknown()),
  baseFilters: count.max(4096),
  parameters: z.int().positive().max(MOST_PARAMETERS),
  /** Grey values → network input: each slice minus its mean, divided by its standard deviation. */
  normalisation: z.literal('z-score-per-slice'),
  /** Of the slices that it learnt from; null = not known, as in files from before it was kept. */
  pixelSize: PixelSize.nullable().default(null),
  /** What was done to the slices that it was retrained or fitted on; null = nothing, or it learnt elsewhere. */
  conditioning: Conditioning.nullable().default(null),
  thresholds: z.object({ topology: probability, pixel: probability }),
  /** What it finds beside membrane, map by map behind the first; files from before there was such a thing: nothing. */
  classes: z.array(ModelClass).max(limits.classes).default([]),
  /** On slices that the weights never saw, unless `scoresNote` says otherwise. */
  scores: Scores.nullable(),
  scoresNote: text,
  training: TrainingRecord.nullable(),
  licence: text,
  citation: text,
  status: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('accepted'), reason: text }),
    z.object({
      kind: z.literal('kept-aside'),
      reason: text,
      /** Left out in files from before it was kept. */
      offered: z.literal(true).optional(),
    }),
  ]),
  weights: z.object({
    file: z.literal('weights.bin'),
    bytes: z
      .int()
      .positive()
      .max(4 * MOST_PARAMETERS),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** Everything about a version but what its weights decide. */
export type ModelDraft = Omit<ModelFile, 'format' | 'version' | 'weights' | 'parameters'>;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The weights as `weights.bin` keeps them: little-endian float32 in the network's canonical order. */
export function weightBytes(weights: Float32Array): Uint8Array {
  const bytes = new Uint8Array(weights.length * 4);
  const view = new DataView(bytes.buffer);
  weights.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

export function modelFile(draft: ModelDraft, weights: Float32Array): ModelFile {
  const bytes = weightBytes(weights);
  return ModelFile.parse({
    ...draft,
    format: 'membrana-model',
    version: 1,
    parameters: weights.length,
    weights: { file: 'weights.bin', bytes: bytes.length, sha256: sha256(bytes) },
  });
}
