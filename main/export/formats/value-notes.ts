import type { ExportedValue } from '#contract/entities';
import { formatSliceRange } from '#contract/slice-range';

/** A name that keeps to its line of a text header, which knows ASCII alone. */
function plain(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]|[;=]/g, '_');
}

/** Which slices of the stack (from 0) an image holds, and what its values mean, for text headers. */
export function valueNotes(
  slices: readonly number[],
  values: readonly ExportedValue[],
): { readonly membrana_slices: string; readonly membrana_values: string } {
  return {
    membrana_slices: formatSliceRange(slices),
    membrana_values: values.map(({ value, name }) => `${String(value)}: ${plain(name)}`).join('; '),
  };
}
