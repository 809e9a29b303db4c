import { parseSliceRange } from '#contract/slice-range';
import type { ModelFile } from './model-file';

/** No stack has as many slices. */
const ANY_DEPTH = 2 ** 31;

/** A stack as the cards of versions name what they learnt from. */
export interface LearntFrom {
  /** `size:head:tail` of the image file. */
  readonly fingerprint: string;
  /** It is the stack of the project that the versions belong to: retrained ones learnt from its slices. */
  readonly ofProject: boolean;
}

/** Slices of a stack that `model`, or a version it comes from, has learnt from, as far as their cards tell. */
export function learntSlices(
  model: ModelFile,
  versions: readonly ModelFile[],
  { fingerprint, ofProject }: LearntFrom,
): ReadonlySet<number> {
  const learnt = new Set<number>();
  for (const { origin, training } of lineOf(model, versions))
    for (const data of training?.data ?? []) {
      const here = origin === 'retrained' ? ofProject : data.fingerprint === fingerprint;
      if (here) for (const z of slicesOf(data.slices)) learnt.add(z);
    }
  return learnt;
}

/** A version and those it comes from, the newest first. */
export function lineOf(model: ModelFile, versions: readonly ModelFile[]): readonly ModelFile[] {
  const byId = new Map(versions.map((file) => [file.id, file]));
  const line: ModelFile[] = [];
  let version: ModelFile | undefined = model;
  while (version !== undefined && !line.includes(version)) {
    line.push(version);
    version = version.parent === null ? undefined : byId.get(version.parent);
  }
  return line;
}

/** A card from elsewhere may say anything. */
function slicesOf(text: string): readonly number[] {
  if (!/^\d{1,7}(-\d{1,7})?(,\d{1,7}(-\d{1,7})?)*$/.test(text)) return [];
  try {
    return parseSliceRange(text, ANY_DEPTH);
  } catch {
    return [];
  }
}
