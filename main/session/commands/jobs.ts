import type { Handlers } from '#main/ipc/handlers';
import { summariseLabels } from '../label-summary';
import type { ServiceParts } from '../services';

type JobCommands = Pick<
  Handlers,
  | 'segment.start'
  | 'train.inspectLabels'
  | 'train.start'
  | 'retrain.start'
  | 'job.cancel'
  | 'jobs.list'
>;

export function jobCommands(parts: ServiceParts): JobCommands {
  const { grants, jobs } = parts;
  return {
    'segment.start'() {
      throw new Error('not yet');
    },
    'train.start'() {
      throw new Error('not yet');
    },
    'retrain.start'() {
      throw new Error('not yet');
    },
    async 'train.inspectLabels'({ image, labels }) {
      return summariseLabels(
        await grants.path(image, 'stack', 'labels'),
        await grants.path(labels, 'labels', 'stack'),
        new AbortController().signal,
      );
    },
    'job.cancel'({ job }) {
      jobs.cancel(job);
      return null;
    },
    'jobs.list': () => jobs.list(),
  };
}
