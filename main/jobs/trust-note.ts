import { BLURRED, type StackTrust } from '#contract/entities';

/** What a light means and what to do, for a person at a command line. */
export function trustNote(trust: Pick<StackTrust, 'light' | 'better' | 'blur' | 'slices'>): string {
  const { blur, slices } = trust;
  if (slices.length === 0)
    return 'There was nothing to look at: no slice that can be read shows tissue. Check that this is the right stack.';
  if (blur === null || blur <= BLURRED) return lightNote(trust);
  return `${lightNote(trust)} The stack is blurred by ${blur.toFixed(1)} px beside the pictures that models learn from, which merges cells without a sign of doubt: fit the model to it and compare.`;
}

function lightNote({ light, better }: Pick<StackTrust, 'light' | 'better'>): string {
  switch (light) {
    case 'green':
      return 'The model is at home here: corrections buy line width, not cells.';
    case 'yellow':
      return better === null
        ? 'Some cells are doubtful: look through them before counting on them, and correct and retrain.'
        : `Some cells are doubtful: a threshold of ${String(better.threshold)} gives steadier ones; correct and retrain.`;
    case 'red':
      return 'The model does not know this kind of picture: train one on a few labelled slices, or check contrast, pixel size and that membranes are what it shows.';
  }
}
