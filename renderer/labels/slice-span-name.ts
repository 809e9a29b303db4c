/** Name of a step that changes slices `first` … `last`, counted from 0. */
export function sliceSpanName(what: string, first: number, last: number): string {
  return `${what} slices ${String(first + 1)}–${String(last + 1)}`;
}
