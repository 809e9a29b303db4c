import type { StackWarning } from '#contract/entities';

/** One of the axes that the pages of a stack run along. */
export interface PlaneAxis {
  readonly axis: 'Z' | 'C' | 'T';
  readonly size: number;
}

/** Axes of a stack, slowest first, as letters: those longer than 1, or Z where nothing is told. */
export function stackAxes(axes: readonly PlaneAxis[], depth: number): string {
  if (depth <= 1) return 'YX';
  const long = axes.filter(({ size }) => size > 1).map(({ axis }) => axis);
  return `${long.length === 0 ? 'Z' : long.join('')}YX`;
}

/** Slices saved as frames or channels are common in EM; they are shown as slices, and it is said. */
export function axesWarnings(axes: readonly PlaneAxis[]): StackWarning[] {
  const size = (wanted: PlaneAxis['axis']): number =>
    axes.find(({ axis }) => axis === wanted)?.size ?? 1;
  const others = [
    ...(size('T') > 1 ? [`${size('T')} frames`] : []),
    ...(size('C') > 1 ? [`${size('C')} channels`] : []),
  ];
  if (others.length === 0) return [];
  const beside = size('Z') > 1 ? ` beside ${size('Z')} slices` : '';
  return [
    {
      code: 'axes-as-slices',
      message: `The file has ${others.join(' and ')}${beside}; all are shown as slices, in the order they were saved.`,
    },
  ];
}
