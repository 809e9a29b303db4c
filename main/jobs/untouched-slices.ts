/** Slices on which both versions are compared without labels. */
const UNTOUCHED_SLICES = 2;

/** A few slices, spread over the stack: without labels where there are such. */
export function untouchedSlices(depth: number, reviewed: readonly number[]): number[] {
  const touched = new Set(reviewed);
  const all = Array.from({ length: depth }, (_, z) => z);
  const without = all.filter((z) => !touched.has(z));
  const free = without.length > 0 ? without : all;
  const count = Math.min(UNTOUCHED_SLICES, free.length);
  return Array.from(
    { length: count },
    (_, i) => free[Math.floor(((i + 0.5) / count) * free.length)] ?? 0,
  );
}
