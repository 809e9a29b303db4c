import type { Handlers } from '#main/ipc/handlers';
import { countClasses } from '#main/labels/class-counts';
import type { ServiceParts } from '../service-parts';
import { startExport } from '../start/start-export';

type LabelCommands = Pick<Handlers, 'labels.append' | 'labels.classCounts' | 'labels.export'>;

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
    async 'labels.export'(input) {
      return { job: await startExport(parts, input) };
    },
  };
}
