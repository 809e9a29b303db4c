import type { Grant, ImportChoice } from '#contract/entities';
import { decodePatch } from '#contract/label-patch-codec';
import type { Topics } from '../state/topics';
import { importStrings as say } from '../strings/import-strings';

/**
 * Takes labels of another program into the layer that is shown, as one step
 * that undo takes back.
 * @throws MembranaError as the command `labels.import`
 */
export async function importLabels(
  topics: Topics,
  grant: Grant,
  choice: ImportChoice,
): Promise<void> {
  const { client, opening, painting, notices } = topics;
  const { session } = painting;
  if (!session) return;
  await session.flushed();
  const at = opening.here();
  const patches = await client['labels.import']({ at, grant: grant.id, choice });
  const decoded = patches.map((patch) => decodePatch(patch));
  // The differences are those to the labels as they were then.
  if (decoded[0] && decoded[0].sequence !== session.lastSequence + 1) {
    await importLabels(topics, grant, choice);
    return;
  }
  if (decoded.length === 0) {
    notices.toast(say.same);
    return;
  }
  session.applyBatch(say.step, decoded, null);
  notices.toast(say.done(decoded.map(({ z }) => z)), 'good');
}
