import type { ModelId } from '#contract/ids';
import type { TrainRequest } from '#main/jobs/train-job';
import { learntSlices } from '#main/models/learnt-slices';
import type { Interrupted } from '#main/jobs/interrupted-store';
import { fingerprintWord, sameFingerprint, stackFingerprint } from '#main/stacks/fingerprint';
import type { OpenProject } from '../open/open-project';

/** The title of a job that a sudden end of the app interrupted, or not. */
export const goesOn = (title: string, resumed: Interrupted | null): string =>
  resumed === null ? title : `${title} (goes on after an interruption)`;

/** The version that is in use, by name; null = there is none. */
export async function versionInUse(
  open: OpenProject,
): Promise<{ readonly id: ModelId; readonly name: string } | null> {
  const id = await open.currentModel();
  if (id === null) return null;
  return { id, name: (await open.models.find(id)).file.name };
}

/**
 * What a training from labels is to be held against: the version in use, on the
 * validation slices that it has not learnt from itself, or on all of them where
 * it knows them all (then it is said); or why that can't be.
 * @throws MembranaError file.*, model.*
 */
export async function trainingRival(
  open: OpenProject,
  image: { readonly path: string; readonly name: string },
  validate: readonly number[],
): Promise<Pick<TrainRequest, 'rival' | 'against'>> {
  const rival = await versionInUse(open);
  if (rival === null) return { rival, against: { kind: 'no-model' } };
  if (validate.length === 0) return { rival, against: { kind: 'no-validation' } };
  const fingerprint = await stackFingerprint(image.path);
  const ofProject = sameFingerprint(fingerprint, open.project.stack.fingerprint);
  if (!ofProject) return { rival, against: { kind: 'other-image', image: image.name } };
  const versions = (await open.models.list()).models.map(({ file }) => file);
  const { file } = await open.models.find(rival.id);
  const learnt = learntSlices(file, versions, {
    fingerprint: fingerprintWord(fingerprint),
    ofProject,
  });
  const fair = validate.filter((z) => !learnt.has(z));
  const favoured = fair.length === 0;
  return { rival, against: { kind: 'compare', slices: favoured ? [...validate] : fair, favoured } };
}
