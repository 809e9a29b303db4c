import { requireSlice } from '#main/stacks/stack-source';

/** The slices of a stack that were asked for, ascending, each once. @throws MembranaError stack.slice-out-of-range */
export function chosenSlices(choice: 'all' | readonly number[], depth: number): number[] {
  if (choice === 'all') return Array.from({ length: depth }, (_, z) => z);
  const slices = [...new Set(choice)].sort((a, b) => a - b);
  for (const z of slices) requireSlice(z, depth);
  return slices;
}
