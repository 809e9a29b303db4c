import { basename, isAbsolute, relative, resolve } from 'node:path';
import { isPaintable, type Arrangement, type LayerInfo, type LayerKey, type StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { LayerId, StackId } from '#contract/ids';
import { firstLayer, type ProjectFile, type SourceFingerprint, type StackEntry } from './project-file';

/** A path from the project to the source, for when both move together; null on another drive. */
export function relativeHint(folder: string, source: string): string | null {
  const hint = relative(folder, source);
  return isAbsolute(hint) ? null : hint.replaceAll('\\', '/');
}

export interface NewStack {
  readonly id: StackId;
  /** The project folder. */
  readonly folder: string;
  readonly stackPath: string;
  readonly info: StackInfo;
  readonly fingerprint: SourceFingerprint;
  /** Id of its first layer. */
  readonly layer: LayerId;
}

/** What project.json says of a stack that nobody has worked on. */
export function newStackEntry(wanted: NewStack): StackEntry {
  const { id, folder, stackPath, info, fingerprint, layer } = wanted;
  const absolute = resolve(stackPath);
  return {
    id,
    name: basename(stackPath),
    source: { relative: relativeHint(folder, absolute), absolute, fingerprint },
    info,
    voxelSize: null,
    listed: true,
    layers: [firstLayer(layer)],
    removedLayers: [],
    view: null,
    hiddenPredictions: [],
    conditioning: null,
    trust: null,
  };
}

/** @throws Error for a stack that the project has never had */
export function entryOf({ stacks }: ProjectFile, stack: StackId): StackEntry {
  const found = stacks.find(({ id }) => id === stack);
  if (!found) throw new Error('a stack that is in no project');
  return found;
}

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
  return stacks
    .filter((entry) => entry.listed)
    .map(({ id, name, layers }) => ({ id, name, layers: layers.map(plainLayer) }));
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

/** The stack that a project is about, and where its file was last seen. */
export interface ProjectStack {
  readonly id: StackId;
  readonly name: string;
  /** Where to look first, then next; compare the fingerprint before believing either. */
  readonly paths: readonly string[];
  readonly info: StackInfo;
  readonly fingerprint: SourceFingerprint;
}

export type StackSize = Pick<StackInfo, 'width' | 'height' | 'depth'>;

function sizeText({ width, height, depth }: StackSize): string {
  return `${String(width)} × ${String(height)} × ${String(depth)}`;
}

/** @throws MembranaError stack.shape-mismatch when the file `name` is of another size than the project's stack */
export function mustBeSize(
  project: string,
  wanted: StackSize,
  name: string,
  found: StackSize,
): void {
  if (sizeText(found) === sizeText(wanted)) return;
  throw new MembranaError(
    'stack.shape-mismatch',
    `${name} is ${sizeText(found)}, but the stack of ${project} is ${sizeText(wanted)}.`,
    {
      hint: 'Choose the file that this project was made from, or open this one as a stack of its own.',
      safe: 'Labels, models and predictions are in the project.',
      data: { file: name },
    },
  );
}
