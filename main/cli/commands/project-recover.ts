import type { Merged } from '#main/project/merge-aside';
import { openProject } from '#main/project/project-store';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import type { Arguments } from '../arguments';
import type { Outcome } from '../command';
import type { Context } from '../context';
import { checkFolder, folderOf, problemLines } from './project-folder';

function mergedLines(wanted: boolean, { strokes, left }: Merged): string[] {
  if (!wanted) return [];
  const count = (n: number): string => `${String(n)} ${n === 1 ? 'stroke' : 'strokes'}`;
  return [
    strokes === 0
      ? 'There was nothing to merge.'
      : `Merged ${count(strokes)}; undo takes each back.`,
    ...(left > 0 ? [`${String(left)} other changes stay in their file.`] : []),
  ];
}

/**
 * Replays the journal, rebuilds damaged labels from their second copy and the
 * journal, folds everything into the label images, and says what was kept,
 * what was set aside and what is damaged still. Exit 1 when anything was not
 * recovered.
 */
export async function recoverProject(args: Arguments, { signal }: Context): Promise<Outcome> {
  const wantsMerge = args.flag('merge');
  const folder = folderOf(args);
  const incomplete: string[] = [];
  const project = await openProject(
    folder,
    { readOnlyIfLocked: false },
    {
      rescue: rescuedStrokes(userDataFolder()),
      onWarning: ({ code, data, message }) => {
        if (code === 'project.corrupt' && data['complete'] === false) incomplete.push(message);
      },
    },
  );
  const { recovery } = project;
  // As it was found, but for the journal's end, which opening has put in order.
  const before = await checkFolder(folder, signal);
  let merged = { strokes: 0, left: 0 };
  try {
    if (wantsMerge) merged = await project.mergeAside();
    // Reading a slice rebuilds what is damaged in it.
    for (const z of project.labels.reviewedSlices()) {
      signal.throwIfAborted();
      await project.labels.slice(z);
    }
  } finally {
    await project.close();
  }
  const { problems } = await checkFolder(folder, signal);
  const repaired = before.problems.filter(
    ({ file }) => !problems.some((problem) => problem.file === file),
  );
  const ok = problems.length === 0 && incomplete.length === 0 && recovery?.complete !== false;
  return {
    value: {
      ok,
      strokesRecovered: recovery?.strokesRecovered ?? 0,
      recordsSetAside: recovery?.recordsSetAside ?? 0,
      strokesMissing: recovery?.strokesMissing ?? 0,
      strokesAside: recovery?.strokesAside ?? 0,
      merged: merged.strokes,
      leftAside: merged.left,
      message: recovery?.message ?? 'Nothing had to be recovered.',
      repaired,
      incomplete,
      problems,
    },
    text: [
      recovery?.message ?? 'Nothing had to be recovered.',
      ...mergedLines(wantsMerge, merged),
      ...problemLines('Repaired:', repaired),
      ...incomplete,
      ...problemLines('Still damaged:', problems),
    ].join('\n'),
    exitCode: ok ? 0 : 1,
  };
}
