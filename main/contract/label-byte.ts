/**
 * One label byte a pixel: low 7 bits = class (0 nobody has looked, 1 interior,
 * 2 membrane, then the user's own, 127 void); high bit = the user confirmed
 * the prediction rather than painted.
 */
export const UNTOUCHED = 0;
export const INTERIOR = 1;
export const MEMBRANE = 2;
export const VOID = 127;
export const CONFIRMED_BIT = 0x80;

export function classOf(label: number): number {
  return label & 0x7f;
}

export function isConfirmed(label: number): boolean {
  return label >= CONFIRMED_BIT;
}

export function painted(classId: number): number {
  return classId & 0x7f;
}

export function confirmed(classId: number): number {
  return (classId & 0x7f) | CONFIRMED_BIT;
}

export type ReviewState = 0 | 1 | 2;

/** 0 untouched, 1 painted, 2 confirmed: the review image's value on disk. */
export function reviewOf(label: number): ReviewState {
  if (classOf(label) === UNTOUCHED) return 0;
  return isConfirmed(label) ? 2 : 1;
}
