import type { Grant } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { Topics } from '../state/topics';

/** The stacks that something holds, where an error says that there are several; null otherwise. */
function partsOf(error: unknown): readonly string[] | null {
  if (!(error instanceof MembranaError) || error.code !== 'stack.several') return null;
  const { parts } = error.data;
  return typeof parts === 'string' && parts !== '' ? parts.split('\n') : null;
}

type Granted = Pick<Grant, 'id' | 'name'>;

/**
 * Does `work` with a grant, or where that holds several stacks with the one
 * that the user chooses; null where nobody chooses. Rejects as `work` does.
 */
export async function withPart<T>(
  topics: Topics,
  grant: Granted,
  work: (grant: Granted) => Promise<T>,
): Promise<T | null> {
  try {
    return await work(grant);
  } catch (error) {
    const parts = partsOf(error);
    if (parts === null) throw error;
    const part = await topics.app.choosePart(grant.name, parts);
    if (part === null) return null;
    return work(await topics.client['stack.part']({ grant: grant.id, part }));
  }
}
