import { lineOf } from './learnt-slices';
import type { ModelFile } from './model-file';
import type { StoredModel } from './model-store';

/**
 * The version that a round of corrections trains from: the nearest ancestor of
 * the one in use that has seen neither corrections nor the stack's look. A
 * round learns all corrections, old and new, and the look where it helps, in
 * one go: what is trained on top of the last round again and again drifts
 * (hard look, V_Info of the second round −0.007 and −0.013; after a fit
 * −0.005 and −0.008: docs/decisions/0012-corrections.md). Where not all corrections
 * have room in a round, or the ancestor is gone or, as a card from elsewhere may
 * say, is another network or knows pixels of another size, it goes on from the
 * one in use.
 */
export function roundStart(
  inUse: StoredModel,
  versions: readonly StoredModel[],
  everythingFits: boolean,
): StoredModel {
  if (!everythingFits) return inUse;
  const line = lineOf(
    inUse.file,
    versions.map(({ file }) => file),
  );
  const found = line.find(({ origin }) => origin !== 'retrained' && origin !== 'fitted');
  if (found === undefined || !alike(found, inUse.file)) return inUse;
  return versions.find(({ file }) => file.id === found.id) ?? inUse;
}

/** What is trained from one of them can stand in for the other. */
function alike(one: ModelFile, other: ModelFile): boolean {
  const kind = ({ baseFilters, parameters, pixelSize }: ModelFile): string =>
    JSON.stringify([baseFilters, parameters, pixelSize]);
  return kind(one) === kind(other);
}
