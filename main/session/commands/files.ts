import type { CommandInput } from '#contract/commands';
import type { GrantKind } from '#main/grants/grant-table';
import type { Handlers } from '#main/ipc/handlers';
import { openStack } from '#main/stacks/open-stack';
import { pathOfPart } from '#main/stacks/several-stacks';
import type { ServiceParts } from '../service-parts';

type FileCommands = Pick<
  Handlers,
  | 'dialog.open'
  | 'dialog.save'
  | 'files.show'
  | 'projects.folder'
  | 'projects.choose'
  | 'stack.part'
  | 'stack.probe'
  | 'stack.statistics'
  | 'stack.badBlocks'
>;

/** What is looked for in a folder is the same as in a file. */
function granted(kind: CommandInput<'dialog.open'>['kind']): Exclude<GrantKind, 'save'> {
  switch (kind) {
    case 'stack-folder':
      return 'stack';
    case 'labels-folder':
      return 'labels';
    default:
      return kind;
  }
}

export function fileCommands({
  dialogs,
  grants,
  projectsFolder,
  session,
  showInFolder,
}: ServiceParts): FileCommands {
  return {
    async 'dialog.open'({ kind }) {
      const path = await dialogs.open(kind);
      return path === null ? null : grants.grant(path, granted(kind));
    },
    async 'dialog.save'({ kind, name }) {
      const path = await dialogs.save(kind, name);
      return path === null ? null : grants.grantSave(path);
    },
    async 'files.show'({ grant }) {
      showInFolder(await grants.path(grant, 'save'));
      return null;
    },
    'projects.folder': () => ({ name: projectsFolder.name }),
    async 'projects.choose'() {
      const path = await dialogs.open('projects-folder');
      if (path === null) return null;
      await projectsFolder.choose(path);
      return { name: projectsFolder.name };
    },
    async 'stack.part'({ grant, part }) {
      const path = await grants.path(grant, 'stack', 'labels');
      const kind = grants.kind(grant) === 'labels' ? 'labels' : 'stack';
      return grants.grant(await pathOfPart(path, part), kind);
    },
    async 'stack.probe'({ grant }) {
      const path = await grants.path(grant, 'stack', 'labels');
      const source = await openStack(path, { signal: new AbortController().signal });
      try {
        return source.info;
      } finally {
        await source.close();
      }
    },
    'stack.statistics': ({ stack, z }) => session.stack(stack).statistics(z),
    async 'stack.badBlocks'({ stack, z }) {
      const { source } = session.stack(stack);
      return [...(await source.pageState(z, true, new AbortController().signal)).bad];
    },
  };
}
