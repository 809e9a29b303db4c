import { noConditioning, type Conditioning } from '#contract/entities';
import type { Topics } from '../state/topics';
import { attempt } from './command';
import { redoOldSlices } from './model-commands';

/** Shows slices to models in another way; what is in view is segmented again in the background. */
export function setConditioning(topics: Topics, conditioning: Conditioning): Promise<void> {
  const { client, opening, project } = topics;
  return attempt(topics, async () => {
    const view = await client['conditioning.set']({ at: opening.here(), conditioning });
    project.takeConditioning(view);
    await redoOldSlices(topics);
  });
}

/** Back to slices as they are. */
export function undoConditioning(topics: Topics): Promise<void> {
  return setConditioning(topics, noConditioning);
}

/** Measures how far the version in use can be trusted on the stack. */
export function measureTrust(topics: Topics): Promise<void> {
  const { client, opening, models } = topics;
  const model = models.currentId;
  return attempt(topics, async () => {
    if (model !== null) await client['trust.measure']({ at: opening.here(), model });
  });
}
