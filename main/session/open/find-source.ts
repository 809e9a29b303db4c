import type { Project } from '#main/project/project';
import { sameFingerprint, stackFingerprint } from '#main/stacks/fingerprint';
import type { OpenSource } from './open-project';
import { StackView } from '../stack-view';

/** Looks where the stack was last seen; another file of the same shape is shown, and said to be another. */
export async function findSource(project: Project): Promise<OpenSource> {
  const { paths, fingerprint, info } = project.stack;
  const never = new AbortController().signal;
  let changed: StackView | null = null;
  for (const path of paths) {
    const found = await stackFingerprint(path).catch(() => null);
    if (found === null) continue;
    const view = await StackView.open(path, never).catch(() => null);
    if (view === null) continue;
    const { width, height, depth } = view.source.info;
    if (sameFingerprint(found, fingerprint)) {
      await changed?.close();
      return { kind: 'present', view };
    }
    const fits = width === info.width && height === info.height && depth === info.depth;
    if (fits && changed === null) changed = view;
    else await view.close();
  }
  return changed === null ? { kind: 'missing' } : { kind: 'changed', view: changed };
}
