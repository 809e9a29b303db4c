import {
  isPaintable,
  type ArrangedStack,
  type Arrangement,
  type LayerKey,
} from '#contract/entities';
import type { AppliedEdit, UpcomingEdit } from '#labels/label-session';
import type { Topics } from '../state/topics';
import { attempt } from './command';
import { enter, orComeBack, settled } from './file-commands';

/** The stack and the layer in the window; null while nothing is open. */
export function shownOf({ project }: Topics): LayerKey | null {
  return project.open && { stack: project.open.stack.id, layer: project.open.layer };
}

export function stackIn(arrangement: Arrangement, stack: string): ArrangedStack | null {
  return arrangement.find(({ id }) => id === stack) ?? null;
}

/** The first layer of a stack that can be painted in. */
export function firstOf(stack: ArrangedStack | null | undefined, but?: string): LayerKey | null {
  const layer = stack?.layers.find((one) => isPaintable(one) && one.id !== but);
  return stack && layer ? { stack: stack.id, layer: layer.id } : null;
}

/** Where to go when a layer goes: to another of its stack, or of the first other stack. */
export function instead(arrangement: Arrangement, { stack, layer }: LayerKey): LayerKey | null {
  const others = arrangement.filter(({ id }) => id !== stack);
  return firstOf(stackIn(arrangement, stack), layer) ?? firstOf(others[0]);
}

function canShow(arrangement: Arrangement, { stack, layer }: LayerKey): boolean {
  return (stackIn(arrangement, stack)?.layers ?? []).some(
    (one) => one.id === layer && isPaintable(one),
  );
}

/** Brings another stack or layer into the window, once everything painted is on the disk. */
export function chooseLayer(topics: Topics, key: LayerKey): Promise<void> {
  return attempt(topics, async () => {
    const { client, opening, painting } = topics;
    const shown = shownOf(topics);
    if (shown?.stack === key.stack && shown.layer === key.layer) return;
    painting.changesLayer = true;
    try {
      const view = await orComeBack(topics, async () => {
        await settled(topics);
        return client['layers.choose']({ at: opening.here(), key });
      });
      enter(topics, view);
      await painting.recalled;
    } finally {
      painting.changesLayer = false;
    }
  });
}

/** The layer that a step was made in, or what is left where it takes away what is shown; null = what is shown is right. */
export function layerOfStep(
  topics: Topics,
  step: UpcomingEdit,
  arrangement: Arrangement = topics.project.arrangement,
): LayerKey | null {
  const shown = shownOf(topics);
  if (shown === null) return null;
  if (!canShow(arrangement, shown)) return instead(arrangement, shown);
  if (step.kind === 'labels') {
    const stack = stackIn(arrangement, step.at.stack);
    const layer = stack?.layers.find(({ id }) => id === step.at.layer);
    return stack && layer && isPaintable(layer) ? { stack: stack.id, layer: layer.id } : null;
  }
  if (step.change.kind !== 'predictions' || step.change.stack === shown.stack) return null;
  return firstOf(stackIn(arrangement, step.change.stack));
}

/** Brings the layer of a step that was taken back or done again into the window. */
export async function followStep(topics: Topics, step: AppliedEdit): Promise<void> {
  const key = layerOfStep(topics, step);
  if (key) await chooseLayer(topics, key);
}
