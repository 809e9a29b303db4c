import { basename } from 'node:path';
import type { ExportedImage, ModelClass, SegmentQuality } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { trustIn } from '#contract/entities';
import { maskSettingOf, thresholdsFor } from '#contract/mask/mask-setting';
import { formatSliceRange, parseSliceRange } from '#contract/slice-range';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { conditioningOf } from '#main/session/stack-conditioning';
import { exportedClass, type ExportedClass } from '#main/export/exported-class';
import { exportIds } from '#main/export/id-export';
import type { Project } from '#main/project/project';
import { openProject } from '#main/project/project-store';
import { sourceReference } from '#main/stacks/open-stack';
import { prepareExport } from '../../jobs/export-job';
import { segmentJob } from '../../jobs/segment-job';
import { modelInUse } from '../../models/model-in-use';
import { ModelStore } from '../../models/model-store';
import { pixelSizeOf } from '../../models/pixel-size';
import { usageError, type Arguments } from '../arguments';
import type { Outcome } from '../command';
import { engineWish, type Context } from '../context';
import { maskThresholds } from '../mask-arguments';
import { bundledModels } from '../model-argument';
import { folderOf, stackOf } from './project-folder';

const QUALITY: SegmentQuality = 'standard';

/** What a model finds beside membrane. */
async function modelClasses(models: ModelStore, model: ModelId | null): Promise<ModelClass[]> {
  return model === null ? [] : (await models.find(model)).file.classes;
}

/** The class of `--class`, null without. @throws MembranaError usage */
function classArgument(
  args: Arguments,
  what: ExportedImage,
  known: readonly ModelClass[],
  { classes, view }: Pick<Project, 'classes' | 'view'>,
): ExportedClass | null {
  const name = args.text('class');
  if (name === null) return null;
  if (what !== 'mask' && what !== 'probability')
    throw usageError(`--class goes with a mask or a probability, not with ${what}.`, 'project');
  const found = exportedClass(name, known, classes, view.classThresholds);
  if (found === null)
    throw usageError(
      `The model in use finds no "${name}"${known.length === 0 ? ', nothing but membrane' : `, but ${known.map((one) => one.name).join(', ')}`}.`,
      'project',
    );
  const threshold = args.number('threshold', { min: 0, max: 1 }) ?? found.threshold;
  return { ...found, threshold };
}

/** Writes the ids of a layer of cells, named by its name or its id. @throws MembranaError usage; as `exportIds` */
async function exportLayer(
  args: Arguments,
  project: Project,
  wanted: { readonly layer: string; readonly path: string; readonly slices: readonly number[] },
  { signal, progress }: Context,
): Promise<Outcome> {
  const { layer, path, slices } = wanted;
  for (const other of ['what', 'class', 'missing'])
    if (args.text(other) !== null)
      throw usageError(`--layer writes ids as they are; --${other} has no part in it.`, 'project');
  const { stack, arrangement } = project;
  const layers = arrangement.find(({ id }) => id === stack.id)?.layers ?? [];
  const cells = layers.filter(({ kind }) => kind === 'cells');
  const found = cells.find(({ id, name }) => name === layer || id === layer);
  if (!found) {
    const known = cells.map(({ name }) => name).join(', ');
    throw usageError(
      `${stack.name} has no layer of ids called "${layer}"${known === '' ? '' : `, but ${known}`}.`,
      'project',
    );
  }
  const { width, height, depth, voxelSize } = stack.info;
  const bytes = await exportIds({
    ...{ path, slices, signal, voxelSize, shape: { width, height, depth } },
    labels: project.labelsOf({ stack: stack.id, layer: found.id }),
    onProgress: (done, total) => {
      progress.report('slice', done, total);
    },
  });
  return {
    value: { file: path, layer: found.id, name: found.name, element: found.element, slices, bytes },
    text: `${basename(path)}: ${String(slices.length)} pages, ids of ${found.name} (0 = no cell)`,
    exitCode: 0,
  };
}

/** Writes mask, classes, states of review or probability of a project as a TIFF. */
export async function exportProject(args: Arguments, context: Context): Promise<Outcome> {
  const folder = folderOf(args);
  const path = args.path(args.required('out'));
  const what = args.oneOf('what', ['mask', 'classes', 'review', 'probability'], 'mask');
  const missing = args.oneOf('missing', ['refuse', 'segment', 'leave-out'], 'refuse');
  const wish = engineWish(args);
  const project = await openProject(
    folder,
    { readOnlyIfLocked: missing !== 'segment' },
    { rescue: rescuedStrokes(userDataFolder()) },
  );
  try {
    const { depth, voxelSize } = project.stack.info;
    if (project.stack.paths.includes(path))
      throw usageError('The stack and --out must be different files.', 'project');
    const slices = parseSliceRange(args.text('slices') ?? `0-${depth - 1}`, depth);
    const layer = args.text('layer');
    if (layer !== null) return await exportLayer(args, project, { layer, path, slices }, context);
    const models = new ModelStore(bundledModels(context), project.modelsFolder);
    const versions = await models.versions();
    const model = modelInUse(project.currentModel, versions);
    const ownClass = classArgument(args, what, await modelClasses(models, model), project);
    const mask = maskThresholds(
      args,
      thresholdsFor(
        versions.find(({ id }) => id === model) ?? null,
        maskSettingOf(project.view),
        trustIn(project.trust, model, conditioningOf(project)),
      ),
    );
    const segment = async (wanted: readonly number[], id: ModelId) => {
      const { folder: weights, file } = await models.find(id);
      const room = await context.engines(wish);
      return segmentJob(
        {
          stack: await sourceReference(await stackOf(project)),
          pixelSize: pixelSizeOf(voxelSize),
          conditioning: conditioningOf(project),
          slices: wanted,
          model: { id, name: file.name, folder: weights },
          quality: QUALITY,
        },
        {
          engine: room.forJob('segment', file.baseFilters),
          write: (of, z, probability, conditioning, classes) =>
            project.predictions.write(of, z, probability, conditioning, classes),
          written: () => undefined,
        },
      );
    };
    const write = await prepareExport(
      project,
      { what, path, slices, missing, model, mask, ownClass },
      segment,
    );
    const done = await write({
      signal: context.signal,
      progress: ({ done: count, total }) => {
        context.progress.report('slice', count, total);
      },
      remark: (text) => {
        context.progress.note(text);
      },
    });
    const left = done.leftOut.length === 0 ? '' : `; left out: ${formatSliceRange(done.leftOut)}`;
    return {
      value: {
        ...{ what, file: path, model, thresholds: mask, ...done },
        ...(ownClass === null ? {} : { class: ownClass.name, threshold: ownClass.threshold }),
      },
      text: [
        `${basename(path)}: ${done.slices.length} pages, slices ${formatSliceRange(done.slices)} (the first is 0)${left}`,
        ...done.values.map(({ value, name }) => `  ${value} = ${name}`),
      ].join('\n'),
      exitCode: 0,
    };
  } finally {
    await project.close();
  }
}
