import { crc32 } from 'node:zlib';
import type { Conditioning, JobResult, PixelSize, SegmentQuality } from '#contract/entities';
import { isAbort, MembranaError, toErrorReport } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { sliceMark } from '#contract/slice-marks';
import type { SourceReference } from '#main/stacks/source/source-identity';
import {
  predictSlice,
  type EngineChoice,
  type PredictParams,
  type PredictResult,
} from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import type { JobContext, JobTask } from './job-queue';
import { isFastOn, passesOf } from './segment-passes';

export interface SegmentRequest {
  readonly stack: SourceReference;
  /** null = not known: it is segmented as it is. */
  readonly pixelSize: PixelSize | null;
  readonly conditioning: Conditioning;
  readonly slices: readonly number[];
  readonly model: { readonly id: ModelId; readonly name: string; readonly folder: string };
  readonly quality: SegmentQuality;
}

export interface SegmentServices {
  readonly engine: JobEngine;
  /** Keeps the map of a slice: one byte a pixel, 255 = certainly membrane; and those of the model's other classes. */
  readonly write: (
    model: ModelId,
    z: number,
    probability: Uint8Array,
    conditioning: Conditioning,
    classes: readonly ClassBytes[],
  ) => Promise<void>;
  /** A slice's map is on the disk. */
  readonly written: (model: ModelId, z: number) => void;
}

/** The map of a class beside membrane, a byte a pixel. */
export interface ClassBytes {
  /** Of the class on the model's card. */
  readonly id: number;
  readonly probability: Uint8Array;
}

/** A job that may also be a part of another one. */
export interface SegmentTask extends JobTask {
  run(context: Pick<JobContext, 'signal' | 'progress' | 'remark'>): Promise<JobResult>;
}

/** @throws MembranaError compute.crashed when the bytes are not those that were sent */
export function checkedProbability({
  probability,
  crc32: sent,
}: Pick<PredictResult, 'probability' | 'crc32'>): PredictResult['probability'] {
  const { buffer, byteOffset, byteLength } = probability;
  if (crc32(new Uint8Array(buffer, byteOffset, byteLength)) === sent) return probability;
  throw new MembranaError('compute.crashed', 'A probability map arrived damaged.', {
    hint: 'Segment again; if it happens once more, check the memory of this computer.',
    safe: 'Finished slices are kept.',
  });
}

/** The maps that came as bytes: membrane, and the other classes. @throws MembranaError as `checkedProbability` */
export function checkedBytes(result: PredictResult): {
  readonly probability: Uint8Array;
  readonly classes: readonly ClassBytes[];
} {
  const bytesOf = (map: Pick<PredictResult, 'probability' | 'crc32'>): Uint8Array => {
    const probability = checkedProbability(map);
    if (!(probability instanceof Uint8Array)) throw new Error('bytes were asked for');
    return probability;
  };
  const classes = result.classes.map((map) => ({ id: map.id, probability: bytesOf(map) }));
  return { probability: bytesOf(result), classes };
}

const manner = { fast: ', fast', standard: '', careful: ', carefully' } as const;

/** One bad page must not cost the others; anything else would fail on every slice. */
function onlyThisSlice(error: unknown): boolean {
  return error instanceof MembranaError && error.code === 'stack.page-unreadable';
}

/** Which slices have parts without tissue, and what they are on the first. */
function tissueRemark(parts: readonly { readonly z: number; readonly note: string }[]): string {
  const [first] = parts;
  const own = `lice ${sliceMark(first?.z ?? 0)}: ${first?.note ?? ''}.`;
  if (parts.length === 1) return `S${own}`;
  return `Slices ${sliceMark(parts.map(({ z }) => z))} have parts without tissue, where nothing is predicted; s${own}`;
}

/**
 * Segments slices one by one; each is on the disk before the next begins, so
 * that a cancel or a crash keeps what was finished. Slices that can't be read
 * are skipped with the reason.
 */
export function segmentJob(request: SegmentRequest, services: SegmentServices): SegmentTask {
  const { slices, model, stack, pixelSize, conditioning, quality } = request;
  const what =
    slices.length === 1 ? `slice ${sliceMark(slices[0] ?? 0)}` : `${slices.length} slices`;
  const title = `Segment ${what} with ${model.name}${manner[quality]}`;
  return {
    kind: 'segment',
    title,
    async run({ signal, progress, remark }): Promise<JobResult> {
      const began = performance.now();
      const skipped: { z: number; reason: string }[] = [];
      const total = slices.length;
      let told = quality !== 'fast';
      const passes = (choice: EngineChoice): ReturnType<typeof passesOf> => {
        if (!told && !isFastOn(choice))
          remark('Fast needs ONNX Runtime on the processor: this engine segments as usual.');
        told = true;
        return passesOf(quality, choice);
      };
      const unknown =
        pixelSize === null ? '; the pixel size is not known, slices are taken as they are' : '';
      progress({ done: 0, total, unit: 'slices', note: `Starting the engine${unknown}` });
      let pixelNote = '';
      const parts: { z: number; note: string }[] = [];
      for (const [i, z] of slices.entries()) {
        signal.throwIfAborted();
        const note = `Slice ${sliceMark(z)}${pixelNote === '' ? '' : `. ${pixelNote}`}`;
        try {
          const result = await services.engine.call(
            predictSlice,
            (choice): PredictParams => ({
              stack,
              z,
              model: model.folder,
              ...passes(choice),
              pixelSize,
              conditioning,
              classes: true,
              output: 'uint8',
              choice,
            }),
            {
              signal,
              remark,
              onProgress: ({ done }) => {
                progress({ done: i + done, total, unit: 'slices', note });
              },
            },
          );
          ({ pixelNote } = result);
          if (result.tissue.note !== '') parts.push({ z, note: result.tissue.note });
          const { probability, classes } = checkedBytes(result);
          await services.write(model.id, z, probability, conditioning, classes);
          services.written(model.id, z);
        } catch (error) {
          if (isAbort(error) || !onlyThisSlice(error)) throw error;
          skipped.push({ z, reason: toErrorReport(error).message });
          if (skipped.length === total) throw error;
        }
        progress({ done: i + 1, total, unit: 'slices', note });
      }
      if (parts.length > 0) remark(tissueRemark(parts));
      return {
        kind: 'segmented',
        slices: total - skipped.length,
        seconds: (performance.now() - began) / 1000,
        model: model.id,
        skipped,
        pixelNote,
      };
    },
  };
}
