import { formatCount } from './format';

/** Names of steps that are no strokes, for "Undo …"; they are kept with the project. */
export const stepStrings = {
  useModel: (name: string) => `Use model ${name}`,
  retrain: 'Retrain',
  segmentSlice: (slice: number) => `Segment slice ${String(slice)}`,
  segmentSlices: (slices: number) => `Segment ${formatCount(slices)} slices`,
} as const;
