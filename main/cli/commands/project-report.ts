import { basename } from 'node:path';
import { trustIn } from '#contract/entities';
import { maskSettingOf, thresholdsFor } from '#contract/mask/mask-setting';
import { appVersion } from '#main/engines/machine';
import { openProject } from '#main/project/project-store';
import { writeReport } from '#main/report/write-report';
import { conditioningOf } from '#main/session/stack-conditioning';
import { openStack } from '#main/stacks/open-stack';
import { modelInUse } from '../../models/model-in-use';
import { ModelStore } from '../../models/model-store';
import { usageError, type Arguments } from '../arguments';
import type { Outcome } from '../command';
import type { Context } from '../context';
import { maskThresholds } from '../mask-arguments';
import { bundledModels } from '../model-argument';
import { folderOf, stackOf } from './project-folder';

/** Writes the report of a project: a page and a table. Without the stack it has no pictures. */
export async function reportProject(args: Arguments, context: Context): Promise<Outcome> {
  const path = args.path(args.required('out'));
  if (!/\.html?$/i.test(path)) throw usageError('--out is a file called NAME.html.', 'project');
  const { signal } = context;
  const project = await openProject(folderOf(args), { readOnlyIfLocked: true });
  try {
    const models = await new ModelStore(bundledModels(context), project.modelsFolder).versions();
    const model = modelInUse(project.currentModel, models);
    const mask = maskThresholds(
      args,
      thresholdsFor(
        models.find(({ id }) => id === model) ?? null,
        maskSettingOf(project.view),
        trustIn(project.trust, model, conditioningOf(project)),
      ),
    );
    const stack = await stackOf(project).catch(() => null);
    const source = stack === null ? null : await openStack(stack, { signal });
    try {
      const version = await appVersion();
      const { csv } = await writeReport(
        { project, models, model, mask, accuracy: null, version },
        source,
        path,
        signal,
      );
      return {
        value: { page: path, table: csv, pictures: source !== null },
        text: `${basename(path)} and ${csv}${source === null ? ': without pictures, the stack is not where it was' : ''}`,
        exitCode: 0,
      };
    } finally {
      await source?.close();
    }
  } finally {
    await project.close();
  }
}
