import { z } from 'zod';

/**
 * A key with its modifiers, as text: `Ctrl+Shift+Z`, `Alt+V`, `BracketLeft`, `?`.
 * Letters go by the character that the layout prints, digits and punctuation
 * by `KeyboardEvent.code`. `Ctrl` is Cmd on a Mac.
 */
export const ChordText = z
  .string()
  .max(40)
  .regex(/^(Ctrl\+)?(Alt\+)?(Shift\+)?(\p{L}|\?|[A-Z][A-Za-z0-9]+)$/u);

/** Which keys do what: a preset, and what the user changed of it. */
export const KeySettings = z.object({
  preset: z.enum(['membrana', 'napari', 'ilastik']),
  /** Command id → its keys instead of the preset's; none = no key. */
  changes: z.record(z.string().max(60), z.array(ChordText).max(4)),
});
export type KeySettings = z.infer<typeof KeySettings>;

/** How far the tour was taken. */
export const TourProgress = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not-taken') }),
  z.object({ state: z.literal('left'), step: z.int().min(0).max(20) }),
  z.object({ state: z.literal('done') }),
]);
export type TourProgress = z.infer<typeof TourProgress>;
