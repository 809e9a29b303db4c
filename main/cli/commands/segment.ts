import { type MaskThresholds } from '#contract/entities';
import { isAbort, MembranaError, toErrorReport } from '#contract/errors';
import { thresholdsFor } from '#contract/mask/mask-setting';
import { membraneMask, probabilityBytes } from '#contract/mask/membrane-mask';
import { sliceMark } from '#contract/slice-marks';
import { parseSliceRange } from '#contract/slice-range';
import { chosenChannel } from '#main/stacks/chosen-channel';
import { meaningNotes } from '#main/stacks/meaning-notes';
import { openStack } from '#main/stacks/open-stack';
import { createTiffWriter, type TiffWriter } from '#main/stacks/tiff/tiff-writer';
import {
  predictSlice,
  type ClassMap,
  type PredictParams,
  type PredictResult,
} from '../../compute/requests';
import { checkedProbability } from '../../jobs/segment-job';
import { pixelSizeOf } from '../../models/pixel-size';
import { usageError } from '../arguments';
import { ClassFiles } from '../class-files';
import type { Command } from '../command';
import {
  conditioningHelp,
  conditioningOptions,
  conditioningWish,
  settleConditioning,
} from '../conditioning-choice';
import { engineWish, engineHelp, engineOptions } from '../context';
import { cellsAreOpen, maskHelp, maskNote, maskOptions, maskThresholds } from '../mask-arguments';
import { findModel } from '../model-argument';
import { steadierCells } from '../steadier-cells';
import { TissueNotes } from '../tissue-notes';

/** The mask that the app shows: of probability bytes, as it keeps them. */
function toMask(
  probability: Float32Array,
  width: number,
  height: number,
  thresholds: MaskThresholds,
): Uint8Array {
  const mask = membraneMask(probabilityBytes(probability), width, height, thresholds);
  return mask.map((value) => value * 255);
}

/** What became of slices that could not be read; nothing where all could. */
function unreadNote(
  unread: readonly number[],
  missing: 'zeros' | 'leave-out' | 'refuse',
): string[] {
  if (unread.length === 0) return [];
  const one = unread.length === 1;
  const slices = `${one ? 'Slice' : 'Slices'} ${sliceMark(unread)} could not be read`;
  if (missing === 'leave-out')
    return [`${slices} and ${one ? 'is' : 'are'} left out: later pages move up.`];
  return [`${slices}: ${one ? 'its page is' : 'their pages are'} 0, which says nothing.`];
}

export const segment: Command = {
  name: 'segment',
  summary: 'Writes the membrane probability of a stack, and a mask if asked.',
  usage: 'STACK --model MODEL --out PROB.tif [--mask MASK.tif] [--slices 0-9]',
  help: [
    '--model MODEL                   a model folder, or the name of a bundled model',
    '--out PROB.tif                  32-bit float multi-page TIFF, probability in [0, 1]',
    '--mask MASK.tif                 8-bit TIFF, 255 = membrane',
    '--classes FOLDER                for each class that the model finds beside membrane a stack of its',
    '                                probability and one of its mask, at the threshold on its card',
    '--slices 0-9,12                 only these slices, counted from 0',
    '--missing zeros                 a slice that cannot be read: its page is 0 (zeros), it has none',
    '                                (leave-out), or the command ends there (refuse)',
    '--channel N                     the channel to segment where pixels have several (0, the first)',
    ...maskHelp,
    "                                (neither told: the model's own, or a steadier one where it is not at home)",
    "--no-resample                   take pixels of another size than the model's as they are",
    '--tta                           mean of eight flips and rotations: better, 8 × slower',
    '--fast                          in 8 bits: 2 × faster at base 16 and more, at most 0.001 V_Info worse',
    ...conditioningHelp,
    ...engineHelp,
    '',
    'Where a slice shows no tissue (padding, data bars, no-data values, transparent or blank parts) the',
    'probability is 0; "valid" is the share that is tissue, and the notes say what the rest is.',
  ],
  example: 'segment stack.tif --model general --out prob.tif --mask mask.tif',
  options: {
    model: { type: 'string' },
    out: { type: 'string' },
    mask: { type: 'string' },
    classes: { type: 'string' },
    slices: { type: 'string' },
    missing: { type: 'string' },
    channel: { type: 'string' },
    ...maskOptions,
    tta: { type: 'boolean' },
    fast: { type: 'boolean' },
    'no-resample': { type: 'boolean' },
    ...conditioningOptions,
    ...engineOptions,
  },
  async run(args, context) {
    const { signal, progress } = context;
    const stack = args.path(args.positional(0, 'STACK'));
    args.atMost(1);
    const out = args.path(args.required('out'));
    const maskText = args.text('mask');
    const maskPath = maskText === null ? null : args.path(maskText);
    if (out === stack || maskPath === stack || maskPath === out)
      throw usageError('The stack, --out and --mask must be different files.', 'segment');
    const wanted = conditioningWish(args, 'segment');
    const model = await findModel(args.required('model'), args, context);
    const classFolder = args.text('classes');
    let thresholds = maskThresholds(args, thresholdsFor(model.file, { kind: 'model' }));
    const missing = args.oneOf('missing', ['zeros', 'leave-out', 'refuse'], 'zeros');
    const tta = args.flag('tta');
    const fast = args.flag('fast');
    const asked = engineWish(args);
    // Only ONNX Runtime's CPU kernels compute in 8 bits.
    const wish = fast && asked.engine === 'auto' ? { ...asked, engine: 'onnx' as const } : asked;
    const source = await openStack(stack, { signal });
    const { width, height, depth, voxelSize } = source.info;
    const reference = await source.reference();
    await source.close();
    const channel = args.channel();
    if (channel !== null) chosenChannel(source, channel);
    const notes = meaningNotes(source.info, channel);
    for (const note of notes) progress.note(note);
    const tissue = new TissueNotes();
    const known = pixelSizeOf(voxelSize);
    const pixelSize = args.flag('no-resample') ? null : known;
    if (known === null && model.file.pixelSize !== null)
      progress.note('The pixel size of the stack is not known: it is taken as it is.');
    const slices = parseSliceRange(args.text('slices') ?? `0-${depth - 1}`, depth);

    const writers: TiffWriter[] = [];
    const skipped: { z: number; reason: string }[] = [];
    let engine = '';
    let device = '';
    let seconds = 0;
    let resampled: PredictResult['resampled'] = null;
    let pixelNote = '';
    try {
      const range = { min: 0, max: 1 };
      const maps = await createTiffWriter(out, {
        width,
        height,
        type: 'float32',
        voxelSize,
        range,
      });
      writers.push(maps);
      const masks =
        maskPath === null
          ? null
          : await createTiffWriter(maskPath, { width, height, type: 'uint8', voxelSize });
      if (masks) writers.push(masks);
      const classes =
        classFolder === null
          ? null
          : await ClassFiles.create(args.path(classFolder), model.file.classes, {
              ...{ width, height, voxelSize },
            });
      if (classes) writers.push(...classes.writers());
      const room = await context.engines(wish);
      const segmenter = room.forJob('segment', model.file.baseFilters);
      const remark = (text: string): void => {
        progress.note(text);
      };
      const settled = await settleConditioning(
        wanted,
        {
          engine: segmenter,
          params: {
            stack: reference,
            model: model.folder,
            pixelSize,
            proposeScale: known === null,
            ...(channel === null ? {} : { channel }),
          },
        },
        context,
      );
      const { conditioning } = settled;
      for (const note of settled.notes) progress.note(note);
      if (maskPath !== null && cellsAreOpen(args)) {
        const params = {
          stack: reference,
          model: model.folder,
          pixelSize,
          conditioning,
          ...(channel === null ? {} : { channel }),
        };
        const steadier = await steadierCells(thresholds, segmenter, params, context);
        ({ thresholds } = steadier);
        if (steadier.note !== '') {
          progress.note(steadier.note);
          notes.push(steadier.note);
        }
      }
      let began = performance.now();
      for (const [i, z] of slices.entries()) {
        let probability: Float32Array | Uint8Array = new Float32Array(width * height);
        let others: readonly ClassMap[] = [];
        try {
          const result = await segmenter.call(
            predictSlice,
            (choice): PredictParams => ({
              stack: reference,
              z,
              model: model.folder,
              tta,
              fast,
              pixelSize,
              conditioning,
              ...(channel === null ? {} : { channel }),
              ...(classes === null ? {} : { classes: true }),
              output: 'float32',
              choice,
            }),
            { signal, remark },
          );
          ({ engine, device, resampled } = result);
          if (result.pixelNote !== pixelNote) progress.note(`${result.pixelNote}.`);
          ({ pixelNote } = result);
          probability = checkedProbability(result);
          for (const map of result.classes) checkedProbability(map);
          others = result.classes;
          const note = tissue.add(z, result.tissue);
          if (note !== null) progress.note(note);
        } catch (error) {
          const bad = error instanceof MembranaError && error.code === 'stack.page-unreadable';
          const last = skipped.length + 1 === slices.length;
          if (isAbort(error) || !bad || missing === 'refuse' || last) throw error;
          skipped.push({ z, reason: toErrorReport(error).message });
          progress.note(toErrorReport(error).message);
          if (missing === 'leave-out') continue;
        }
        if (!(probability instanceof Float32Array)) throw new Error('floats were asked for');
        await maps.append(probability, signal);
        await classes?.append(others, width * height, signal);
        await masks?.append(toMask(probability, width, height, thresholds), signal);
        // The first slice pays for starting the engine; the speed is that of the others.
        if (i === 0 && slices.length > 1) {
          seconds = (performance.now() - began) / 1000;
          began = performance.now();
        }
        progress.report('slice', i + 1, slices.length);
      }
      const rest = (performance.now() - began) / 1000;
      seconds += rest;
      const timed = Math.max(1, slices.length - 1);
      for (const writer of writers) await writer.finish();
      const unread = unreadNote(
        skipped.map(({ z }) => z),
        missing,
      );
      for (const note of unread) progress.note(note);
      const megapixelsPerSecond = (timed * width * height) / 1e6 / rest;
      const value = {
        slices: slices.length,
        seconds,
        megapixelsPerSecond,
        engine,
        device,
        thresholds,
        ...(classes === null ? {} : { classes: classes.report() }),
        fast,
        resampled,
        valid: tissue.share,
        conditioning: settled.report,
        notes: [...notes, ...settled.notes, ...tissue.lines(), ...unread],
      };
      return {
        value: skipped.length > 0 ? { ...value, skipped } : value,
        text: [
          `${slices.length} ${slices.length === 1 ? 'slice' : 'slices'} in ${seconds.toFixed(1)} s (${megapixelsPerSecond.toFixed(2)} megapixels a second, ${engine}), ${maskNote(thresholds)}`,
          ...unread,
        ].join('\n'),
        exitCode: 0,
      };
    } finally {
      for (const writer of writers) await writer.abort();
    }
  },
};
