import { encodePatch } from '#contract/label-patch-codec';
import type { Handlers } from '#main/ipc/handlers';
import { classesRestored } from '#main/project/layer-classes';
import { restorationOf } from '#main/project/versions/restore-version';
import { versionSummary } from '#main/project/versions/version-record';
import type { ServiceParts } from '../service-parts';

type VersionCommands = Pick<Handlers, 'versions.list' | 'versions.save' | 'versions.restore'>;

export function versionCommands({ session }: ServiceParts): VersionCommands {
  return {
    'versions.list': ({ at }) => session.at(at).project.versions.list(),
    'versions.save': ({ at, name }) => session.at(at).project.versions.save(name),
    async 'versions.restore'({ at, version: number }) {
      const { project } = session.at(at);
      project.assertWritable();
      const restoration = await restorationOf(project.versions, project.labels, number);
      return {
        version: versionSummary(restoration.version),
        patches: restoration.patches.map(encodePatch),
        classes: await classesRestored(project, restoration.version),
      };
    },
  };
}
