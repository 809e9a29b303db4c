import { sameLayer, type ClassUse } from '#contract/entities';
import type { Handlers } from '#main/ipc/handlers';
import { inspectLabelFile } from '#main/import/label-file';
import { countClasses } from '#main/labels/class-counts';
import { classesOfLayers } from '#main/project/layer-classes';
import type { ServiceParts } from '../service-parts';
import { encodedImport } from '../start/encoded-import';
import { startExport } from '../start/start-export';

type LabelCommands = Pick<
  Handlers,
  | 'labels.append'
  | 'labels.classCounts'
  | 'labels.classUse'
  | 'labels.export'
  | 'labels.inspect'
  | 'labels.import'
>;

export function labelCommands(parts: ServiceParts): LabelCommands {
  const { session } = parts;
  return {
    async 'labels.append'({ at, patch }) {
      return session.at(at).project.labels.append(patch);
    },
    async 'labels.classCounts'({ at, z }) {
      const { labels, stack } = session.at(at).project;
      return countClasses(labels, stack.info, z === null ? labels.reviewedSlices() : [z]);
    },
    async 'labels.classUse'({ at, class: id }) {
      const { project } = session.at(at);
      const shown = { stack: project.stack.id, layer: project.layer };
      const found = await classesOfLayers(project);
      return found.flatMap(({ layer: { key, stack, info, state }, counts }) =>
        counts
          .filter((count) => count.class === id)
          .map(({ pixels, slices }): ClassUse => {
            const where = sameLayer(key, shown) ? 'shown' : state === 'listed' ? 'other' : state;
            return { stack, layer: info.name, where, pixels, slices };
          }),
      );
    },
    async 'labels.export'(input) {
      return { job: await startExport(parts, input) };
    },
    async 'labels.inspect'({ at, grant }) {
      const { project } = session.at(at);
      const path = await parts.grants.path(grant, 'labels', 'stack');
      const { signal } = new AbortController();
      return inspectLabelFile(path, project.stack, project.classes, signal);
    },
    async 'labels.import'({ at, grant, choice }) {
      const { project } = session.at(at);
      project.assertWritable();
      const path = await parts.grants.path(grant, 'labels', 'stack');
      const { stack, labels, classes } = project;
      const place = { name: stack.name, info: stack.info, labels, classes };
      return encodedImport(path, place, choice, new AbortController().signal);
    },
  };
}
