import { encodePatch } from '#contract/label-patch-codec';
import type { Handlers } from '#main/ipc/handlers';
import { restorationOf } from '#main/project/versions/restore-version';
import { versionSummary } from '#main/project/versions/version-record';
import type { ServiceParts } from '../service-parts';

type VersionCommands = Pick<Handlers, 'versions.list' | 'versions.save' | 'versions.restore'>;

export function versionCommands({ session }: ServiceParts): VersionCommands {
  return {
    'versions.list': () => session.required().project.versions.list(),
    'versions.save': ({ name }) => session.required().project.versions.save(name),
    async 'versions.restore'({ version: number }) {
      const { project } = session.required();
      project.mustWrite();
      const restoration = await restorationOf(project.versions, project.labels, number);
      return {
        version: versionSummary(restoration.version),
        patches: restoration.patches.map(encodePatch),
        classes: [...restoration.classes],
      };
    },
  };
}
