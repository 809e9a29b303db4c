import { isAbsolute, relative } from 'node:path';
import type { StackInfo } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { StackId } from '#contract/ids';
import type { ProjectDocument } from './project-document';
import type { SourceFingerprint, StackEntry } from './project-file';

/** A path from the project to the source, for when both move together; null on another drive. */
export function relativeHint(folder: string, source: string): string | null {
  const hint = relative(folder, source);
  return isAbsolute(hint) ? null : hint.replaceAll('\\', '/');
}

export function firstStack(document: ProjectDocument): StackEntry {
  const stack = document.content.stacks[0];
  if (!stack) throw new Error('a project without a stack');
  return stack;
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
