import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { MembranaError, toErrorReport } from '#contract/errors';
import { nodeFileSystem } from '#main/project/file-system';
import { createProject, openProject } from '#main/project/project-store';
import type { Project } from '#main/project/project';
import { verifyProject, type Problem } from '#main/project/verify';
import { stackFingerprint } from '#main/stacks/fingerprint';
import { openStack } from '#main/stacks/open-stack';
import { readModel } from '../../models/model-folder';
import { listModels } from '../../models/model-store';
import { usageError, type Arguments } from '../arguments';
import type { Command, Outcome } from '../command';
import type { Context } from '../context';

const ENDING = '.emproj';

function folderOf(args: Arguments): string {
  const folder = args.path(args.positional(1, 'FOLDER'));
  args.atMost(2);
  return folder;
}

async function describe(project: Project): Promise<Outcome> {
  const { stack, access, recovery } = project;
  const coverage = project.labels.coverage();
  const { models } = await listModels(join(project.folder, 'models'));
  const value = {
    folder: project.folder,
    name: project.name,
    access,
    stack: { id: stack.id, name: stack.name, paths: stack.paths, info: stack.info },
    coverage,
    predictions: project.predictions.list(),
    models: models.map(({ file }) => ({ id: file.id, name: file.name, status: file.status })),
    model: project.currentModel,
    recovery,
  };
  const { width, height, depth } = stack.info;
  return {
    value,
    text: [
      `${project.name}: ${stack.name}, ${width} × ${height} pixels, ${depth} slices`,
      `  ${coverage.length} slices with labels, ${value.predictions.length} probability maps, ${models.length} own models`,
      `  ${access.kind === 'read-only' ? `read-only: ${access.reason}` : 'can be changed'}`,
      ...(recovery ? [`  ${recovery.message}`] : []),
    ].join('\n'),
    exitCode: 0,
  };
}

async function create(args: Arguments, { signal }: Context): Promise<Outcome> {
  const folder = folderOf(args);
  if (extname(folder) !== ENDING)
    throw usageError(`A project folder is called Name${ENDING}.`, 'project');
  const stackPath = args.path(args.required('stack'));
  const source = await openStack(stackPath, { signal });
  const stackInfo = source.info;
  await source.close();
  const project = await createProject({
    folder,
    name: basename(folder, ENDING),
    stackPath,
    stackInfo,
    fingerprint: await stackFingerprint(stackPath),
  });
  try {
    return await describe(project);
  } finally {
    await project.close();
  }
}

async function open(args: Arguments): Promise<Outcome> {
  const project = await openProject(folderOf(args), { readOnlyIfLocked: true });
  try {
    return await describe(project);
  } finally {
    await project.close();
  }
}

/** Model versions have checksums of their own. */
async function damagedModels(folder: string): Promise<{ count: number; problems: Problem[] }> {
  const { models, damaged } = await listModels(join(folder, 'models'));
  const problems: Problem[] = damaged.map((model) => ({
    file: `models/${basename(model.folder)}`,
    problem: model.error.message,
  }));
  for (const model of models) {
    try {
      await readModel(model.folder);
    } catch (error) {
      const problem = toErrorReport(error).message;
      problems.push({ file: `models/${basename(model.folder)}`, problem });
    }
  }
  return { count: models.length + damaged.length, problems };
}

async function verify(args: Arguments, { signal }: Context): Promise<Outcome> {
  const folder = folderOf(args);
  if ((await stat(join(folder, 'project.json')).catch(() => null)) === null) {
    throw new MembranaError(
      'project.not-a-project',
      `"${basename(folder)}" is not a project folder: it has no project.json.`,
      { hint: `Give the folder called Name${ENDING}.`, data: { project: basename(folder) } },
    );
  }
  const files = await verifyProject(nodeFileSystem, folder, signal);
  const models = await damagedModels(folder);
  const problems = [...files.problems, ...models.problems];
  const checked = files.checked + models.count;
  return {
    value: { ok: problems.length === 0, checked, problems },
    text:
      problems.length === 0
        ? `Every checksum holds (${checked} files).`
        : ['Damaged:', ...problems.map(({ file, problem }) => `  ${file}: ${problem}`)].join('\n'),
    exitCode: problems.length === 0 ? 0 : 1,
  };
}

export const project: Command = {
  name: 'project',
  summary: 'Makes, describes or checks a project folder.',
  usage: 'create|open|verify FOLDER [--stack STACK]',
  help: [
    'create FOLDER --stack STACK     a new project, FOLDER is called Name.emproj',
    'open FOLDER                     what is in it; recovers what a crash left',
    'verify FOLDER                   lists every checksum that fails; exit 1 if any does',
  ],
  example: 'project create Larva.emproj --stack stack.tif',
  options: { stack: { type: 'string' } },
  async run(args, context) {
    const action = args.positional(0, 'create, open or verify');
    switch (action) {
      case 'create':
        return create(args, context);
      case 'open':
        return open(args);
      case 'verify':
        return verify(args, context);
      default:
        throw usageError(`"${action}" is none of create, open, verify.`, 'project');
    }
  },
};
