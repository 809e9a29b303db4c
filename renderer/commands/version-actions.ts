import { decodePatch } from '#contract/label-patch-codec';
import type { ProjectChange } from '#contract/project-step';
import type { LabelClass } from '#contract/entities';
import type { Version } from '#contract/version';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt } from './command';

const say = en.dialogs.versions;

/** Everything painted is on the disk; a failure to write is told, and nothing else happens. */
async function allSaved({ painting, notices }: Topics): Promise<boolean> {
  if (painting.saved.kind === 'failed') {
    notices.toast(say.unsaved, 'warning');
    return false;
  }
  await painting.session?.flushed();
  return true;
}

/** Keeps the labels as they are under a name; null when that failed. */
export async function saveVersion(topics: Topics, name: string): Promise<Version | null> {
  let version: Version | null = null;
  await attempt(topics, async () => {
    if (!(await allSaved(topics))) return;
    const saved = await topics.client['versions.save']({ at: topics.opening.here(), name });
    topics.notices.toast(say.saved(saved.name), 'good');
    version = saved;
  });
  return version;
}

function classChange(
  before: readonly LabelClass[],
  after: readonly LabelClass[],
): ProjectChange | null {
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  return { kind: 'classes', before: [...before], after: [...after] };
}

/** Makes the labels and classes those of a version, as one step that undo takes back. */
export async function restoreVersion(topics: Topics, version: Version): Promise<void> {
  const { number, name } = version;
  const { client, opening, painting, project, notices } = topics;
  await attempt(topics, async () => {
    const { session } = painting;
    if (!session || !(await allSaved(topics))) return;
    const { patches, classes } = await client['versions.restore']({
      at: opening.here(),
      version: number,
    });
    const decoded = patches.map((patch) => decodePatch(patch));
    const change = classChange(project.open?.classes ?? classes, classes);
    // The differences are those to the labels as they were then.
    if (decoded[0] && decoded[0].sequence !== session.lastSequence + 1) {
      await restoreVersion(topics, version);
      return;
    }
    if (decoded.length === 0 && !change) {
      notices.toast(say.sameAlready(name));
      return;
    }
    session.applyBatch(say.step(name), decoded, change);
    notices.toast(say.restored(name), 'good');
  });
}
