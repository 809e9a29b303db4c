/**
 * How much a caller wants TensorFlow.
 * `keep`: as it is (start, plain set-up, package); `try`: where it can be had
 * (tests of both engines); `add`: asked for by name.
 * @typedef {'keep' | 'try' | 'add'} Wish
 */

/** The command that adds it. */
export const addCommand = 'npm run setup -- --tensorflow';

/**
 * What set-up does about TensorFlow.
 * @param {Wish} wish
 * @param {{ added: boolean, ready: boolean, failed: boolean }} found `added`: an earlier
 *   set-up brought it; `ready`: its files are in place; `failed`: the last attempt at this
 *   version failed for another reason than a missing tool
 * @returns {'nothing' | 'install' | 'leave out' | 'say why not'}
 */
export function planTensorflow(wish, { added, ready, failed }) {
  // Asked for by name: every step runs, so that it is also what repairs it.
  if (wish === 'add') return 'install';
  if (added) return ready ? 'nothing' : 'install';
  if (wish === 'keep') return 'leave out';
  return failed ? 'say why not' : 'install';
}
