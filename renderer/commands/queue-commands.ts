import type { QueueEntry } from '#contract/entities';
import { INTERIOR, MEMBRANE } from '#contract/label-byte';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt, type Command } from './command';

/** Screen pixels per image pixel at a place: a cell and its neighbours fill the view. */
const CLOSE = 3;
const MIDDLE = { x: 0.5, y: 0.5 };

function show({ view }: Topics, { z, x, y }: QueueEntry): void {
  view.goTo(z);
  view.picture?.lookAt({ x: x + 0.5, y: y + 0.5 }, Math.max(CLOSE, view.scale), MIDDLE);
}

/** Asks main for the list where there is none of what is predicted now, or it is at its end. */
async function refresh(topics: Topics): Promise<void> {
  const { queue, models, mask, client, opening } = topics;
  const basis = { model: models.currentId, threshold: mask.thresholds.cells };
  if (!queue.isStale(basis) && queue.hasNext) return;
  queue.looking = true;
  try {
    const at = opening.here();
    const { entries } = await client['queue.list']({ at, threshold: basis.threshold });
    // Meanwhile another project may have come into the window.
    if (opening.current?.opening === at.opening) queue.take(entries, basis);
  } finally {
    queue.looking = false;
  }
}

/** Where to look next: go there, say what it is. */
export function queueCommands(topics: Topics) {
  const { project, models, queue, brush, effort } = topics;
  const active = (): number => effort.time.seconds;
  const segmented = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    if (queue.looking) return en.queue.looking;
    return project.predictedCount(models.currentId) > 0 ? null : en.queue.why.notSegmented;
  };
  const atPlace = (): string | null =>
    segmented() ?? (queue.current === null ? en.queue.why.noPlace : null);
  const goOn = (): Promise<void> =>
    attempt(topics, async () => {
      queue.pass(active());
      await refresh(topics);
      const place = queue.next(active());
      if (place !== null) show(topics, place);
    });
  return {
    'queue.next': { blocked: segmented, run: goOn },
    'queue.previous': {
      blocked: atPlace,
      run: () => {
        const place = queue.previous(active());
        if (place !== null) show(topics, place);
      },
    },
    'queue.right': { blocked: atPlace, run: goOn },
    'queue.wrong': {
      blocked: () => atPlace() ?? (project.readOnly ? en.top.why.readOnly : null),
      run: () => {
        const { current } = queue;
        if (current === null) return;
        queue.mend();
        // A wall is missing, or one is too many.
        brush.choose(current.kind === 'faint' ? INTERIOR : MEMBRANE);
        brush.take('brush');
        show(topics, current);
      },
    },
  } satisfies Record<string, Command>;
}
