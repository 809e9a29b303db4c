/**
 * A step over several slices is journalled as one patch a slice, and all of
 * them carry the same name, which tells the slices. Done twice it changes
 * nothing the second time, so neighbours in the history with the same such
 * name are one step to the user.
 */
const SPAN = /^.+ slices \d+–\d+$/;

/** Name of a step that changes slices `first` … `last`, counted from 0. */
export function sliceSpanName(what: string, first: number, last: number): string {
  return `${what} slices ${String(first + 1)}–${String(last + 1)}`;
}

/** The history goes on with another part of the same step. */
export function continuesStep(name: string, next: string | null): boolean {
  return name === next && SPAN.test(name);
}
