import { join } from 'node:path';
import { z } from 'zod';
import { Effort } from '#contract/entities';
import { limits } from '#contract/limits';
import { sealJson, unsealJson } from '../../storage/checksum';

/** Format of effort.json that this program writes. */
const EFFORT_FORMAT = 1;

export const LARGEST_EFFORT = 1 << 12;

/** What was counted, and up to which step of the project. */
export const CountedEffort = Effort.extend({
  sequence: z.int().nonnegative().max(limits.sequence),
});
export type CountedEffort = z.infer<typeof CountedEffort>;

const EffortRecord = CountedEffort.extend({ format: z.literal(EFFORT_FORMAT) });

export const effortPath = (project: string): string => join(project, 'effort.json');

export function encodeEffort(counted: CountedEffort): Uint8Array {
  return new TextEncoder().encode(`${sealJson({ format: EFFORT_FORMAT, ...counted }, 0)}\n`);
}

/** Null when the file is damaged or of a later format. */
export function parseEffort(bytes: Uint8Array): CountedEffort | null {
  const parsed = EffortRecord.safeParse(unsealJson(new TextDecoder().decode(bytes)));
  return parsed.success ? CountedEffort.parse(parsed.data) : null;
}
