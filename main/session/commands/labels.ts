import { basename } from 'node:path';
import type { Handlers } from '#main/ipc/handlers';
import { countClasses } from '#main/labels/class-counts';
import { exportSlices } from '#main/labels/label-export';
import type { ServiceParts } from '../service-parts';

type LabelCommands = Pick<Handlers, 'labels.append' | 'labels.classCounts' | 'labels.export'>;

const exported = {
  mask: 'mask',
  classes: 'classes',
  review: 'review states',
  probability: 'membrane probability',
} as const;

export function labelCommands({ session, grants, jobs }: ServiceParts): LabelCommands {
  return {
    async 'labels.append'({ at, patch }) {
      return session.at(at).project.labels.append(patch);
    },
    async 'labels.classCounts'({ at, z }) {
      const { labels, stack } = session.at(at).project;
      return countClasses(labels, stack.info, z === null ? labels.reviewedSlices() : [z]);
    },
    async 'labels.export'({ at, grant, what, threshold }) {
      const open = session.at(at);
      const { labels, predictions, stack } = open.project;
      const path = await grants.path(grant, 'save');
      const name = basename(path);
      const model = await open.currentModel();
      const job = jobs.submit({
        kind: 'export',
        title: `Export the ${exported[what]} to ${name}`,
        async run(context) {
          const { width, height, depth, voxelSize } = stack.info;
          const bytes = await exportSlices({
            what,
            path,
            shape: { width, height, depth },
            voxelSize,
            labels,
            predictions,
            model,
            threshold,
            signal: context.signal,
            onProgress: (done, total) => {
              context.progress({ done, total, unit: 'slices', note: name });
            },
          });
          return { kind: 'exported', name, bytes };
        },
      });
      return { job };
    },
  };
}
