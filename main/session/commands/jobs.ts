import type { Handlers } from '#main/ipc/handlers';
import { summariseLabels } from '../label-summary';
import type { ServiceParts } from '../service-parts';
import { startFitting } from '../start/start-fitting';
import { startRetraining } from '../start/start-retraining';
import { startSegmenting } from '../start/start-segmenting';
import { startTraining } from '../start/start-training';

type JobCommands = Pick<
  Handlers,
  | 'segment.start'
  | 'train.inspectLabels'
  | 'train.start'
  | 'retrain.start'
  | 'fit.start'
  | 'job.cancel'
  | 'jobs.list'
>;

export function jobCommands(parts: ServiceParts): JobCommands {
  const { grants, jobs } = parts;
  return {
    async 'segment.start'(input) {
      return { job: await startSegmenting(parts, input) };
    },
    async 'train.inspectLabels'({ image, labels }) {
      return summariseLabels(
        await grants.path(image, 'stack', 'labels'),
        await grants.path(labels, 'labels', 'stack'),
        new AbortController().signal,
      );
    },
    async 'train.start'(input) {
      return { job: await startTraining(parts, input) };
    },
    async 'retrain.start'(input) {
      return { job: await startRetraining(parts, input) };
    },
    async 'fit.start'(input) {
      return { job: await startFitting(parts, input) };
    },
    'job.cancel'({ job }) {
      jobs.cancel(job);
      return null;
    },
    'jobs.list': () => jobs.list(),
  };
}
