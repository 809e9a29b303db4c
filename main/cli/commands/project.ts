import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { createProject, openProject } from '#main/project/project-store';
import type { Project } from '#main/project/project';
import { insideFolder } from '#main/storage/inside-folder';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { stackFingerprint } from '#main/stacks/fingerprint';
import { openStack } from '#main/stacks/open-stack';
import { listModels } from '../../models/model-store';
import { maskOptions } from '../mask-arguments';
import { usageError, type Arguments } from '../arguments';
import type { Command, Outcome } from '../command';
import { engineOptions, type Context } from '../context';
import { addIds } from './project-add-ids';
import { exportProject } from './project-export';
import { checkFolder, folderOf, problemLines } from './project-folder';
import { recoverProject } from './project-recover';
import { reportProject } from './project-report';
import { relinkProject } from './project-relink';
import { projectVersions } from './project-versions';

const ENDING = '.emproj';

async function describe(project: Project): Promise<Outcome> {
  const { stack, access, recovery } = project;
  const coverage = project.labels.coverage();
  const { models } = await listModels(
    project.modelsFolder,
    insideFolder(nodeFileSystem, project.folder),
  );
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
  const project = await openProject(
    folderOf(args),
    { readOnlyIfLocked: true },
    { rescue: rescuedStrokes(userDataFolder()) },
  );
  try {
    return await describe(project);
  } finally {
    await project.close();
  }
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
  const { checked, problems } = await checkFolder(folder, signal);
  return {
    value: { ok: problems.length === 0, checked, problems },
    text:
      problems.length === 0
        ? `Every checksum holds (${checked} files).`
        : problemLines('Damaged:', problems).join('\n'),
    exitCode: problems.length === 0 ? 0 : 1,
  };
}

const actions = new Map<string, (args: Arguments, context: Context) => Promise<Outcome>>([
  ['create', create],
  ['open', open],
  ['verify', verify],
  ['recover', recoverProject],
  ['export', exportProject],
  ['add-ids', addIds],
  ['report', reportProject],
  ['relink', relinkProject],
  ['versions', projectVersions],
]);

export const project: Command = {
  name: 'project',
  summary: 'Makes, describes, checks or repairs a project folder.',
  usage: 'create|open|verify|recover|export|add-ids|report|relink|versions FOLDER [OPTIONS]',
  help: [
    'create FOLDER --stack STACK     a new project, FOLDER is called Name.emproj',
    'open FOLDER                     what is in it; recovers what a crash left',
    'verify FOLDER                   lists every checksum that fails; exit 1 if any does',
    'recover FOLDER                  replays the journal, rebuilds damaged labels, says what was',
    '                                kept and what set aside; exit 1 if anything is not whole',
    '        --merge                 adds strokes painted by a process that had lost the project',
    'export FOLDER --out FILE.tif    writes the mask, 255 = membrane, a page a slice',
    '       --what WHAT              mask, classes, review or probability',
    '       --slices 0-9,12          only these; the first slice is 0',
    '       --class NAME             mask or probability of a class that the model finds beside membrane,',
    '                                at the threshold set for it in the window, or at --threshold',
    '       --missing WAY            of slices that have no values: refuse (so without it),',
    '                                segment them first, or leave-out',
    '       --pixel-threshold T --cells-threshold T, or --threshold T for both: of the mask',
    '                                (as it was last shown in the window)',
    '       --layer NAME             the ids of a layer of cells instead, in 16 or 32 bits',
    'add-ids FOLDER LABELS           adds a label stack as a layer of cell ids; values stay exact',
    '        --name NAME             what it is called (the name of the file)',
    'report FOLDER --out FILE.html   a page of stack, models, mask and audit, and a CSV beside it',
    'relink FOLDER --stack STACK     the stack is now there; exit 1 if it is another file',
    '       --accept-other           takes another file of the same size all the same',
    'versions FOLDER                 saved states of the labels, newest first',
    '         --save NAME            saves one',
    '         --restore NUMBER       makes the labels those of one; the window can undo it',
  ],
  example: 'project create Larva.emproj --stack stack.tif',
  options: {
    stack: { type: 'string' },
    'accept-other': { type: 'boolean' },
    merge: { type: 'boolean' },
    save: { type: 'string' },
    restore: { type: 'string' },
    out: { type: 'string' },
    what: { type: 'string' },
    slices: { type: 'string' },
    missing: { type: 'string' },
    class: { type: 'string' },
    layer: { type: 'string' },
    name: { type: 'string' },
    ...maskOptions,
    ...engineOptions,
  },
  async run(args, context) {
    const names = [...actions.keys()].join(', ');
    const word = args.positional(0, `One of ${names}`);
    const action = actions.get(word);
    if (!action) throw usageError(`"${word}" is none of ${names}.`, 'project');
    return action(args, context);
  },
};
