import { invertPatch, patchBytes, type LabelPatch, type PatchAction } from '#contract/label-patch';
import { decodePatch, encodePatch } from '#contract/label-patch-codec';
import { editBytes, invertEdit, type VoxelEdit } from '#volume/voxel-edit';
import { decodeEdit, encodeEdit, isEdit } from '#volume/voxel-edit-codec';
import { invertStep, stepBytes, type ProjectStep, type EncodedEdit } from '#contract/project-step';

/** One step of the undo history: pixels of a slice that changed, voxels of several layers or slices, or something else of the project. */
export type Edit =
  | { readonly kind: 'labels'; readonly patch: LabelPatch }
  | { readonly kind: 'voxels'; readonly edit: VoxelEdit }
  | { readonly kind: 'project'; readonly step: ProjectStep };

/** What both kinds of step have. */
export interface EntryHead {
  readonly sequence: number;
  readonly action: PatchAction;
  readonly name: string;
  readonly group?: number;
}

export function headOf(entry: Edit): EntryHead {
  switch (entry.kind) {
    case 'labels':
      return entry.patch;
    case 'voxels':
      return entry.edit;
    case 'project':
      return entry.step;
  }
}

/** The same change once more, under another number. */
export function withHead(entry: Edit, action: PatchAction, sequence: number): Edit {
  switch (entry.kind) {
    case 'labels':
      return { kind: 'labels', patch: { ...entry.patch, action, sequence } };
    case 'voxels':
      return { kind: 'voxels', edit: { ...entry.edit, action, sequence } };
    case 'project':
      return { kind: 'project', step: { ...entry.step, action, sequence } };
  }
}

/** The same entry as one of a group. */
export function inGroup(entry: Edit, group: number): Edit {
  switch (entry.kind) {
    case 'labels':
      return { kind: 'labels', patch: { ...entry.patch, group } };
    case 'voxels':
      return { kind: 'voxels', edit: { ...entry.edit, group } };
    case 'project':
      return { kind: 'project', step: { ...entry.step, group } };
  }
}

/** The entry that takes this one back. */
export function invertEntry(entry: Edit, action: PatchAction, sequence: number): Edit {
  switch (entry.kind) {
    case 'labels':
      return { kind: 'labels', patch: invertPatch(entry.patch, action, sequence) };
    case 'voxels':
      return { kind: 'voxels', edit: invertEdit(entry.edit, action, sequence) };
    case 'project':
      return { kind: 'project', step: invertStep(entry.step, action, sequence) };
  }
}

/** Bytes an entry holds in memory, for budgets. */
export function entryBytes(entry: Edit): number {
  switch (entry.kind) {
    case 'labels':
      return patchBytes(entry.patch);
    case 'voxels':
      return editBytes(entry.edit);
    case 'project':
      return stepBytes(entry.step);
  }
}

/** The entry as it goes to the journal. */
export function recordedStep(entry: Edit): EncodedEdit {
  switch (entry.kind) {
    case 'labels':
      return { kind: 'labels', patch: encodePatch(entry.patch) };
    case 'voxels':
      return { kind: 'labels', patch: encodeEdit(entry.edit) };
    case 'project':
      return entry;
  }
}

/** The entry that the journal has; throws `labels.patch-invalid` on a patch that can't be read. */
export function entryOf(recorded: EncodedEdit): Edit {
  switch (recorded.kind) {
    case 'labels':
      return isEdit(recorded.patch)
        ? { kind: 'voxels', edit: decodeEdit(recorded.patch) }
        : { kind: 'labels', patch: decodePatch(recorded.patch) };
    case 'project':
      return recorded;
  }
}
