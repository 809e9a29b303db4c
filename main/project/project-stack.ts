import { basename, isAbsolute, relative, resolve } from 'node:path';
import type { StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { StackId, type LayerId } from '#contract/ids';
import {
  firstLayer,
  type ProjectFile,
  type SourceFingerprint,
  type StackEntry,
} from './project-file';

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

/** An id that no stack of the project has had. */
export function freeStackId(stacks: readonly StackEntry[]): StackId {
  const taken = new Set<string>(stacks.map(({ id }) => id));
  let number = 2;
  while (taken.has(`stack-${String(number)}`)) number += 1;
  return StackId.parse(`stack-${String(number)}`);
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
