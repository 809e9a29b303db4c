import { isAbort } from '#contract/errors';
import type { Topics } from './topics';

/** Milliseconds of quiet before the slice is counted: never while a hand paints or turns the wheel. */
const QUIET = 600;

/** Counts the pixels of every class on the slice shown, in quiet moments; after opening once those of all slices. */
export function countShownClasses({ client, opening, project, view, classes }: Topics): void {
  $effect(() => {
    const at = project.open === null ? null : opening.current;
    if (at === null) return undefined;
    const timer = setTimeout(() => {
      client['labels.classCounts']({ at, z: null }).then(
        (counts) => {
          if (opening.current === at) classes.see(counts);
        },
        // The row of a class says less without it.
        () => undefined,
      );
    }, QUIET);
    return () => {
      clearTimeout(timer);
    };
  });
  let shown = -1;
  $effect(() => {
    const at = project.open === null ? null : opening.current;
    const { z } = view;
    // A coverage that changed is the sign that labels did.
    project.reviewedPixelsOf(z);
    // Another slice's numbers would be wrong ones.
    if (z !== shown) classes.counts = null;
    shown = z;
    if (at === null) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      client['labels.classCounts']({ at, z }).then(
        (counts) => {
          if (current) classes.count(counts);
        },
        (error: unknown) => {
          // A number beside a name is a comfort; failing to count is not worth a word.
          if (!isAbort(error) && current) classes.counts = null;
        },
      );
    }, QUIET);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  });
}
