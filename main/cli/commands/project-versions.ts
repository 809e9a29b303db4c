import { VersionName, type Version } from '#contract/version';
import { encodePatch } from '#contract/label-patch-codec';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { classesRestored } from '#main/project/layer-classes';
import { openProject } from '#main/project/project-store';
import { restorationOf } from '#main/project/versions/restore-version';
import { usageError, type Arguments } from '../arguments';
import type { Outcome } from '../command';
import type { Context } from '../context';
import { folderOf } from './project-folder';

function line({ number, name, created, slices }: Version): string {
  return `${String(number).padStart(4)}  ${created.slice(0, 16).replace('T', ' ')}  ${name} (${String(slices)} slices with labels)`;
}

/** Lists the named versions of a project, saves one, or makes the labels those of one again. */
export async function projectVersions(args: Arguments, { signal }: Context): Promise<Outcome> {
  const folder = folderOf(args);
  const save = args.text('save');
  const restore = args.number('restore', { min: 1, max: 999_999_999, whole: true });
  if (save !== null && restore !== null)
    throw usageError('--save and --restore are two things: do one after the other.', 'project');
  const name = save === null ? null : VersionName.safeParse(save);
  if (name?.success === false)
    throw usageError('--save takes a name of 1 to 80 letters.', 'project');
  const changes = save !== null || restore !== null;
  const project = await openProject(
    folder,
    { readOnlyIfLocked: !changes },
    { rescue: rescuedStrokes(userDataFolder()) },
  );
  try {
    const { versions, labels } = project;
    if (name) {
      const saved = await versions.save(name.data);
      return { value: { saved }, text: `Saved:\n${line(saved)}`, exitCode: 0 };
    }
    if (restore !== null) {
      const { patches, version } = await restorationOf(versions, labels, restore, signal);
      for (const patch of patches) await labels.append(encodePatch(patch));
      const before = project.classes;
      const after = await classesRestored(project, version);
      if (JSON.stringify(before) !== JSON.stringify(after)) {
        const change = { kind: 'classes' as const, before, after };
        const step = { sequence: labels.lastSequence + 1, action: 'do' as const, change };
        await project.apply({ ...step, name: `Restore ${version.name}` });
      }
      const slices = patches.map(({ z }) => z);
      return {
        value: { restored: restore, name: version.name, slices },
        text: `The labels are those of "${version.name}" again; ${String(slices.length)} slices changed.`,
        exitCode: 0,
      };
    }
    const list = await versions.list();
    return {
      value: list,
      text: list.length === 0 ? 'No version was saved yet.' : list.map(line).join('\n'),
      exitCode: 0,
    };
  } finally {
    await project.close();
  }
}
