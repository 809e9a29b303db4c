import {
  isPaintable,
  sameLayer,
  type ArrangedStack,
  type Arrangement,
  type LayerInfo,
  type LayerKey,
  type RemovedItem,
} from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ProjectStep } from '#contract/project-step';
import type { ProjectFile, StackEntry } from './project-file';

/** The stack in the window: the one chosen last, or the first where that is removed by now. */
function shownStack({ stacks, shown }: ProjectFile): StackEntry {
  const listed = stacks.filter((entry) => entry.listed);
  const found = listed.find(({ id }) => id === shown.stack) ?? listed[0] ?? stacks[0];
  if (!found) throw new Error('a project without a stack');
  return found;
}

/** The layer that is painted in: the one chosen last, or the first of its stack that can be. */
export function shownLayer(content: ProjectFile): LayerKey {
  const { id: stack, layers } = shownStack(content);
  const paintable = layers.filter(isPaintable);
  const chosen = paintable.find(({ id }) => id === content.shown.layer);
  const layer = (chosen ?? paintable[0] ?? layers[0])?.id;
  if (layer === undefined) throw new Error('a stack without a layer');
  return { stack, layer };
}

/** What is listed of a project: stacks and layers that are not removed, in their order. */
export function arrangementOf({ stacks }: ProjectFile): Arrangement {
  return stacks.filter((entry) => entry.listed).map(arrangedStack);
}

/** What is kept of a project without being listed. */
export function removedItems({ stacks }: ProjectFile): RemovedItem[] {
  return stacks.flatMap((entry): RemovedItem[] =>
    entry.listed
      ? entry.removedLayers.map((layer) => ({
          ...{ kind: 'layer', of: entry.id, layer: plainLayer(layer) },
        }))
      : [{ kind: 'stack', stack: arrangedStack(entry) }],
  );
}

export function arrangedStack({ id, name, layers }: StackEntry): ArrangedStack {
  return { id, name, layers: layers.map(plainLayer) };
}

/** Without the fields of later versions. */
function plainLayer(stored: LayerInfo): LayerInfo {
  const { id, name, hidden } = stored;
  return stored.kind === 'classes'
    ? { id, name, hidden, kind: 'classes', element: 'uint8', colour: 'by-class' }
    : { id, name, hidden, kind: 'cells', element: stored.element, colour: 'by-id' };
}

/** All layers of a stack, those that were removed behind the others. */
export function everyLayer({ layers, removedLayers }: StackEntry): LayerInfo[] {
  return [...layers, ...removedLayers];
}

/** A layer of a project, removed or not, and of which stack it is. */
export interface KnownLayer {
  readonly key: LayerKey;
  readonly info: LayerInfo;
  readonly stack: string;
  readonly width: number;
  readonly height: number;
  readonly state: 'listed' | 'removed';
}

/** All layers of a stack, for whoever looks through all that is painted. */
export function knownLayers(entry: StackEntry): KnownLayer[] {
  const { id, name, listed, layers, info } = entry;
  const { width, height } = info;
  return everyLayer(entry).map((stored) => ({
    key: { stack: id, layer: stored.id },
    ...{ info: plainLayer(stored), stack: name, width, height },
    state: listed && layers.includes(stored) ? 'listed' : 'removed',
  }));
}

/** The stacks as an arrangement has them: what it leaves out is removed, and kept. */
export function arranged(stacks: readonly StackEntry[], wanted: Arrangement): StackEntry[] {
  const listed = wanted.flatMap(({ id, name, layers }) => {
    const entry = stacks.find((one) => one.id === id);
    if (!entry) return [];
    const known = everyLayer(entry);
    const ids = new Set(layers.map((layer) => layer.id));
    const removedLayers = known.filter((layer) => !ids.has(layer.id));
    const kept = layers.map((layer) => ({ ...known.find((one) => one.id === layer.id), ...layer }));
    return [{ ...entry, name, listed: true, layers: kept, removedLayers }];
  });
  if (listed.length === 0) return [...stacks];
  const ids = new Set(listed.map(({ id }) => id));
  const removed = stacks.filter(({ id }) => !ids.has(id));
  return [...listed, ...removed.map((entry) => ({ ...entry, listed: false }))];
}

/** @throws MembranaError labels.layer-removed for a layer that is not listed, hidden, or can't be painted in */
export function mustBeShowable(arrangement: Arrangement, key: LayerKey): void {
  const stack = arrangement.find(({ id }) => id === key.stack);
  const layer = stack?.layers.find(({ id }) => id === key.layer);
  if (layer && isPaintable(layer)) return;
  const reason = !layer
    ? 'That layer has been removed.'
    : layer.hidden
      ? `The layer ${layer.name} is hidden.`
      : `The layer ${layer.name} holds ids of cells, which can’t be painted yet.`;
  throw new MembranaError('labels.layer-removed', reason, {
    hint: 'Choose another layer, or bring this one back first.',
    safe: 'Its labels are kept in the project.',
    data: { layer: key.layer },
  });
}

/** A step may list what the project knows, and new layers; it may not make another kind of a layer. @throws MembranaError project.step-invalid */
export function mustFit(content: ProjectFile, { sequence, change }: ProjectStep): void {
  if (change.kind !== 'layers') return;
  const invalid = (reason: string): MembranaError =>
    new MembranaError('project.step-invalid', `The layers were not changed: ${reason}.`, {
      hint: 'Reopen the project; what was saved before is kept.',
      data: { sequence },
    });
  for (const { id, layers } of change.after) {
    const entry = content.stacks.find((one) => one.id === id);
    if (!entry) throw invalid('a stack is not in this project');
    for (const layer of layers) {
      const known = everyLayer(entry).find((one) => one.id === layer.id);
      if (known && known.element !== layer.element)
        throw invalid(`${layer.name} holds other values`);
    }
  }
}

/** project.json with another layer in the window; each stack keeps how it was looked at. */
export function shownAfter(
  content: ProjectFile,
  before: LayerKey,
  after: LayerKey,
): Partial<ProjectFile> {
  if (sameLayer(before, after) || before.stack === after.stack) return { shown: after };
  const { stacks, view } = content;
  const kept = stacks.find(({ id }) => id === after.stack)?.view;
  return {
    shown: after,
    view: kept ?? { ...view, z: 0, zoom: null, centre: null, window: null },
    stacks: stacks.map((one) => (one.id === before.stack ? { ...one, view } : one)),
  };
}
