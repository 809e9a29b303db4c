import { untrack } from 'svelte';
import type { BadBlock, SliceStatistics } from '#contract/entities';
import { isAbort, toErrorReport } from '#contract/errors';
import { allTissue } from '../project.svelte';
import type { Topics } from '../topics';

/** A slice is looked at when it stays so long, in ms; those that rush by are not asked about. */
const REST = 90;
/** Slices whose facts are kept: a few kB each. */
const KEPT = 512;

interface SliceFacts {
  readonly statistics: SliceStatistics;
  readonly badBlocks: readonly BadBlock[];
}

/** Fetches the histogram and the unreadable parts of the slice shown, when the view comes to rest on it. */
export function loadSliceFacts({ client, project, view, notices }: Topics): void {
  let known = new Map<number, SliceFacts>();
  let of: object | null = null;
  $effect(() => {
    const open = project.open;
    const stack = open?.stack;
    const z = view.z;
    if (!stack || stack.source === 'missing') return undefined;
    if (of !== open) known = new Map();
    of = open;
    const facts = known.get(z);
    // What was unreadable in another slice says nothing about this one.
    const badBlocks = facts?.badBlocks ?? [];
    if (badBlocks.length + untrack(() => project.badBlocks.length) > 0)
      project.badBlocks = badBlocks;
    const noTissue = facts?.statistics.noTissue ?? allTissue;
    if (noTissue !== untrack(() => project.noTissue)) project.noTissue = noTissue;
    let current = true;
    const ask = async (): Promise<SliceFacts> => {
      const [statistics, bad] = await Promise.all([
        client['stack.statistics']({ stack: stack.id, z }),
        client['stack.badBlocks']({ stack: stack.id, z }),
      ]);
      return { statistics, badBlocks: bad };
    };
    const load = async (): Promise<void> => {
      // The next slice is on its way, and this one only still in view: nobody has come to rest.
      if (view.hurried) {
        wait(REST);
        return;
      }
      try {
        const found = facts ?? (await ask());
        if (!current) return;
        known.set(z, found);
        for (const oldest of known.keys()) {
          if (known.size <= KEPT) break;
          known.delete(oldest);
        }
        view.statistics = found.statistics;
        project.badBlocks = found.badBlocks;
        project.noTissue = found.statistics.noTissue;
      } catch (error) {
        if (current && !isAbort(error)) notices.error(toErrorReport(error));
      }
    };
    // Without any contrast nothing can be seen: the first slice doesn't wait.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (milliseconds: number): void => {
      timer = setTimeout(() => void load(), milliseconds);
    };
    wait(untrack(() => view.statistics) ? REST : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  });
}
