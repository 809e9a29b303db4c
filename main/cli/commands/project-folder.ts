import { basename, join } from 'node:path';
import { MembranaError, toErrorReport } from '#contract/errors';
import type { Project } from '#main/project/project';
import { verifyProject, type Problem } from '#main/project/verify';
import { insideFolder } from '#main/storage/inside-folder';
import { nodeFileSystem } from '#main/storage/node-file-system';
import { sameFingerprint, stackFingerprint } from '#main/stacks/fingerprint';
import { readModel } from '../../models/model-folder';
import { listModels } from '../../models/model-store';
import type { Arguments } from '../arguments';

/** The FOLDER of a `project` command, its only word besides the action. */
export function folderOf(args: Arguments): string {
  const folder = args.path(args.positional(1, 'FOLDER'));
  args.atMost(2);
  return folder;
}

/** The file that the project was made from. @throws MembranaError project.source-missing */
export async function stackOf({ stack, name }: Project): Promise<string> {
  for (const path of stack.paths) {
    const found = await stackFingerprint(path).catch(() => null);
    if (found !== null && sameFingerprint(found, stack.fingerprint)) return path;
  }
  throw new MembranaError(
    'project.source-missing',
    `The stack ${stack.name} is not where it was.`,
    {
      hint: `Tell ${name} where it is: project relink FOLDER --stack STACK.`,
      data: { file: stack.name },
    },
  );
}

/** Model versions have checksums of their own. */
async function damagedModels(folder: string): Promise<{ count: number; problems: Problem[] }> {
  const { models, damaged } = await listModels(
    join(folder, 'models'),
    insideFolder(nodeFileSystem, folder),
  );
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

/** Every checksum of a project folder, its models included. */
export async function checkFolder(
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly checked: number; readonly problems: readonly Problem[] }> {
  const root = await nodeFileSystem.realPath(folder);
  const files = await verifyProject(insideFolder(nodeFileSystem, root), root, signal);
  const models = await damagedModels(root);
  return {
    checked: files.checked + models.count,
    problems: [...files.problems, ...models.problems],
  };
}

export function problemLines(title: string, problems: readonly Problem[]): string[] {
  if (problems.length === 0) return [];
  return [title, ...problems.map(({ file, problem }) => `  ${file}: ${problem}`)];
}
