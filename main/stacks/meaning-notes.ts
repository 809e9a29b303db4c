import type { StackInfo } from '#contract/entities';

/** Warnings of `StackInfo` that say what the values mean rather than what is wrong with the file. */
const codes = new Set([
  'white-is-zero',
  'palette',
  'palette-missing',
  'palette-short',
  'cmyk',
  'lab',
  'alpha',
  'channels',
  'samples-unused',
  'photometric-unknown',
]);

/**
 * What a person should know about how a stack's values are read, before they are
 * segmented, learnt from or scored. Who chose a channel knows that there are several.
 */
export function meaningNotes(
  { warnings }: Pick<StackInfo, 'warnings'>,
  channel: number | null = null,
): string[] {
  return warnings
    .filter(({ code }) => codes.has(code) && (channel === null || code !== 'channels'))
    .map(({ message }) => message);
}
