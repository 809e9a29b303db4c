import type { LabelSession } from './label-session';

/**
 * Labels as a view and its tools see them: slice by slice, or plane by plane
 * where the view is at right angles to the slices (`PlaneLabels`; z then counts planes).
 */
export type SliceLabels = Pick<
  LabelSession,
  | 'tiles'
  | 'access'
  | 'painting'
  | 'onChange'
  | 'load'
  | 'isLoaded'
  | 'readField'
  | 'transact'
  | 'beginStroke'
  | 'confirm'
  | 'paint'
  | 'write'
  | 'confirmArea'
  | 'unreview'
>;
