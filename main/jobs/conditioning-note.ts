import type { Conditioning } from '#contract/entities';

/** What is done to the slices of a stack before the network, and why, as one sentence; empty = nothing is done. */
export function conditioningNote({ inverted, scale, flatField, smoothing }: Conditioning): string {
  const found = [
    inverted ? 'its membranes are bright' : '',
    smoothing > 0 ? 'it is noisier than what the model knows' : '',
    flatField > 0 ? 'it is unevenly lit' : '',
    scale === 1 ? '' : 'its pixels are of another size',
  ].filter((part) => part !== '');
  const done = [
    inverted ? 'turned to dark ones' : '',
    smoothing > 0 ? `smoothed by ${String(smoothing)} px` : '',
    flatField > 0 ? `evened out over ${String(flatField)} px` : '',
    scale === 1 ? '' : `taken ${String(scale)} × as large`,
  ].filter((part) => part !== '');
  if (found.length === 0) return '';
  return `The stack is not as the model knows it (${found.join('; ')}): ${done.join(', ')}.`;
}

/** What the answers say of a scale that nobody knows, as one sentence. */
export function scaleNote(factor: number): string {
  const better =
    factor > 1
      ? `${String(factor)} × as large as`
      : `${String(Math.round(1 / factor))} × as small as`;
  return `The pixel size is not known; the model agrees with itself best when pixels are taken for ${better} its own. Set the voxel size if that can be.`;
}
