import { noConditioning, type Conditioning } from '#contract/entities';

/** Everything that the search may choose; the other polarity only where it can be right. */
export function candidatesFor(look: string): readonly Conditioning[] {
  return [0, 64].flatMap((flatField) =>
    [0, 1, 1.5, 2].map((smoothing) => ({
      ...noConditioning,
      flatField,
      smoothing,
      inverted: look === 'inverted',
    })),
  );
}
