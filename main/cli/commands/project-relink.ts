import { basename } from 'node:path';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { openProject } from '#main/project/project-store';
import { sameFingerprint, stackFingerprint } from '#main/stacks/fingerprint';
import { openStack } from '#main/stacks/open-stack';
import type { Arguments } from '../arguments';
import type { Outcome } from '../command';
import type { Context } from '../context';
import { folderOf } from './project-folder';

/** Tells a project where its stack is now. Exit 1: it is another file, and nobody said that it may be. */
export async function relinkProject(args: Arguments, { signal }: Context): Promise<Outcome> {
  const folder = folderOf(args);
  const path = args.path(args.required('stack'));
  const acceptOther = args.flag('accept-other');
  const fingerprint = await stackFingerprint(path);
  const source = await openStack(path, { signal });
  const { info } = source;
  await source.close();
  const project = await openProject(
    folder,
    { readOnlyIfLocked: false },
    { rescue: rescuedStrokes(userDataFolder()) },
  );
  try {
    project.mustFit(basename(path), info);
    const same = sameFingerprint(fingerprint, project.stack.fingerprint);
    const value = { relinked: same || acceptOther, sameFile: same, stack: path };
    if (!value.relinked)
      return {
        value,
        text: `${basename(path)} is not the file that ${project.name} was made from. Nothing was changed; --accept-other takes it all the same.`,
        exitCode: 1,
      };
    await (same
      ? project.relinkStack(path, fingerprint)
      : project.relinkStack(path, fingerprint, info));
    return { value, text: `${project.name} finds its stack at ${path} now.`, exitCode: 0 };
  } finally {
    await project.close();
  }
}
