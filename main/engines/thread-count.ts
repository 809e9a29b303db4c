import { availableParallelism } from 'node:os';

/**
 * Threads of the compute process: all cores on the command line; the window
 * keeps one for itself where there are more than two. MEMBRANA_THREADS decides
 * otherwise.
 */
export function threadCount(owner: 'window' | 'command-line'): number {
  const wanted = Number(process.env['MEMBRANA_THREADS']);
  if (Number.isInteger(wanted) && wanted > 0) return wanted;
  const cores = availableParallelism();
  return owner === 'window' && cores > 2 ? cores - 1 : cores;
}
