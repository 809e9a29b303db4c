import { MembranaError, toErrorReport } from '#contract/errors';
import { dropCheckpoint, hasCheckpoint } from '#main/jobs/kept-checkpoint';
import type { ForeignTraining, Interrupted } from '#main/jobs/interrupted-store';
import type { OpenProject } from '../open/open-project';
import type { ServiceParts } from '../service-parts';
import { submitFitting } from './start-fitting';
import { submitRetraining } from './start-retraining';
import { submitTraining } from './start-training';

/** A training that an end of the app interrupted is given up after so many tries: it may be what ends the app. */
const MOST_RESUMED = 3;

/** Goes on with the training of this project that a sudden end of the app interrupted, if there is one. */
export async function resumeTraining(parts: ServiceParts, open: OpenProject): Promise<void> {
  const { interrupted, jobs } = parts;
  const training = interrupted.of(open.project.folder);
  if (training === null || open.project.access.kind !== 'read-write') return;
  if (jobs.list().some(({ state }) => state === 'running' || state === 'queued')) return;
  const kept = await hasCheckpoint(training.checkpoint);
  if (kept && training.request !== null && training.resumed < MOST_RESUMED) {
    if (await submitAgain(parts, open, training)) return;
  }
  await dropCheckpoint(training.checkpoint).catch(() => undefined);
  await interrupted.forget(training.project);
  parts.publish('disk.warning', { error: toErrorReport(givenUp(training)) });
}

/** false = it can't go on: another version is in use, or what it was made of is not there. */
async function submitAgain(
  parts: ServiceParts,
  open: OpenProject,
  interrupted: Interrupted,
): Promise<boolean> {
  const { request } = interrupted;
  if (request.kind === 'train') {
    submitTraining(parts, open, request.training, { offer: false, resumed: interrupted });
    return true;
  }
  try {
    if ((await open.currentModel()) !== request.model) return false;
    switch (request.kind) {
      case 'retrain':
        await submitRetraining(parts, open, request, interrupted);
        break;
      case 'fit':
        await submitFitting(parts, open, request.z, interrupted);
        break;
    }
    return true;
  } catch (error) {
    parts.log.warn('the interrupted training does not go on', { reason: String(error) });
    return false;
  }
}

/** Why a training that was interrupted does not go on. */
function givenUp({ request }: Interrupted | ForeignTraining): MembranaError {
  return new MembranaError('training.given-up', whatEnded(request), {
    hint: 'Start it again.',
    safe: 'Labels, models and finished slices are kept.',
    data: {},
  });
}

function whatEnded(request: Interrupted['request'] | null): string {
  switch (request?.kind) {
    case undefined:
      return 'A training was interrupted in another version of Membrana, and this one can’t go on with it.';
    case 'train':
      return `The training of ${request.training.name} was interrupted before anything was kept of it, or too often.`;
    case 'retrain':
      return 'The retraining on your corrections was interrupted and can’t go on.';
    case 'fit':
      return 'The fit to this stack was interrupted and can’t go on.';
  }
}
