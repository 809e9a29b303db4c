import { isAbort, toErrorReport } from '#contract/errors';
import type { Topics } from './topics';

/** Fetches the histogram and the unreadable parts of the slice shown, when it changes. */
export function loadSliceFacts({ client, project, view, notices }: Topics): void {
  $effect(() => {
    const stack = project.open?.stack;
    const z = view.z;
    if (!stack || stack.source === 'missing') return undefined;
    let current = true;
    // What was unreadable in another slice says nothing about this one.
    project.badBlocks = [];
    const load = async (): Promise<void> => {
      try {
        const [statistics, badBlocks] = await Promise.all([
          client['stack.statistics']({ stack: stack.id, z }),
          client['stack.badBlocks']({ stack: stack.id, z }),
        ]);
        if (!current) return;
        view.statistics = statistics;
        project.badBlocks = badBlocks;
      } catch (error) {
        if (current && !isAbort(error)) notices.error(toErrorReport(error));
      }
    };
    void load();
    return () => {
      current = false;
    };
  });
}
