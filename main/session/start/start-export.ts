import { basename, dirname } from 'node:path';
import type { ExportedImage, JobResult } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { JobId, ModelId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { prepareExport } from '#main/jobs/export-job';
import { exportedClass, type ExportedClass } from '#main/export/exported-class';
import type { OpenProject } from '../open/open-project';
import type { ServiceParts } from '../service-parts';
import { chosenSlices } from '../slice-choice';
import { firstTask } from './start-segmenting';

/** What is written, in words; `name`: of the class whose mask or probability it is. */
function titleOf(what: ExportedImage, name: string | null): string {
  switch (what) {
    case 'mask':
      return name === null ? 'mask' : `mask of ${name}`;
    case 'classes':
      return 'classes';
    case 'review':
      return 'review states';
    case 'probability':
      return `${name ?? 'membrane'} probability`;
  }
}

/** The class that was asked for; null = membrane. @throws MembranaError model.class-unknown */
async function classOfExport(
  open: OpenProject,
  { what, class: asked }: Pick<ParsedInput<'labels.export'>, 'what' | 'class'>,
  model: ModelId | null,
): Promise<ExportedClass | null> {
  if (asked === null || what === 'classes' || what === 'review') return null;
  const known = model === null ? [] : (await open.models.find(model)).file.classes;
  const found = exportedClass(asked.name, known, open.project.classes, [asked]);
  if (found !== null) return found;
  throw new MembranaError(
    'model.class-unknown',
    `The model version in use does not find ${asked.name}.`,
    { hint: 'Retrain on strokes of it, or put a version in use that knows it.' },
  );
}

/**
 * Starts to write slices of the open project.
 *
 * @throws MembranaError export.same-file, labels.incomplete, model.class-unknown, stack.slice-out-of-range, grant.unknown, job.busy;
 *   to segment: project.read-only, project.source-missing, model.*
 */
export async function startExport(
  parts: ServiceParts,
  input: ParsedInput<'labels.export'>,
): Promise<JobId> {
  const { what, format, values, grant, mask, missing } = input;
  const open = parts.session.at(input.at);
  const { stack } = open.project;
  const path = await parts.grants.path(grant, 'save');
  const slices = chosenSlices(input.slices, stack.info.depth);
  const model = await open.currentModel();
  const ownClass = await classOfExport(open, input, model);
  const write = await prepareExport(
    open.project,
    {
      ...{ what, format, maskValues: values, path, slices, missing, model, mask, ownClass },
      picture: open.source.kind === 'missing' ? null : open.source.view.source,
    },
    (wanted, id) => firstTask(parts, { stack: stack.id, slices: wanted, model: id }),
  );
  const name = basename(path);
  return parts.jobs.submit({
    kind: 'export',
    title: `Export the ${titleOf(what, ownClass?.name ?? null)} to ${name}`,
    async run(context): Promise<JobResult> {
      const folder = basename(dirname(path));
      return { kind: 'exported', what, format, name, folder, grant, ...(await write(context)) };
    },
  });
}
