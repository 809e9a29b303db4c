import { isAbort } from '#contract/errors';
import { isOwnClass } from '#contract/mask/class-mask';
import type { Topics } from './topics';

/** Milliseconds of quiet before the slice is counted: never while a hand paints or turns the wheel. */
const QUIET = 600;

/** Counts the pixels of every class on the slice shown, in quiet moments; of all slices once, where a class waits to be learnt. */
export function countShownClasses(topics: Topics): void {
  const { client, opening, project, view, classes, classMasks } = topics;
  /** The opening for which all slices were looked through. */
  let looked: unknown = null;
  $effect(() => {
    const at = project.open === null ? null : opening.current;
    const waits = classes.all.some(
      (one) => isOwnClass(one.id) && classMasks.known(one) === null && !classes.painted.has(one.id),
    );
    if (at === null || !waits || looked === at) return undefined;
    const timer = setTimeout(() => {
      looked = at;
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
