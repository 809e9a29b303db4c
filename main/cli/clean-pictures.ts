import { existsSync } from 'node:fs';
import { parseSliceRange } from '#contract/slice-range';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import type { CleanPictures } from '../compute/requests';
import { bundledPictures } from '../jobs/replay-data';
import { pixelSizeOf } from '../models/pixel-size';
import { usageError, type Arguments } from './arguments';
import type { Context } from './context';

export const pictureOptions = {
  pictures: { type: 'string', multiple: true },
  membrane: { type: 'string', multiple: true },
  'picture-slices': { type: 'string', multiple: true },
} as const;

export const pictureHelp = [
  '--pictures IMAGE:LABELS         labelled pictures of other tissue to learn from (those that come with',
  '                                Membrana), or IMAGE alone: then what the model makes of it is learnt',
  '--membrane VALUE                the label value that means membrane, once for each IMAGE:LABELS',
  '--picture-slices 0-9            which of their slices (all); all three once more for further pictures',
] as const;

/** IMAGE:LABELS or IMAGE; a drive letter's colon is none of ours. Of several places to part them the one where both files are there. */
function partsOf(
  text: string,
  args: Arguments,
): { readonly image: string; readonly labels: string | null } {
  const colons = Array.from(text.matchAll(/:/g), ({ index }) => index);
  const pairs = colons
    .map((at) => [text.slice(0, at), text.slice(at + 1)] as const)
    .filter(([image, labels]) => image.length > 1 && labels !== '');
  if (existsSync(args.path(text)) || pairs.length === 0)
    return { image: args.path(text), labels: null };
  const there = pairs.find((pair) => pair.every((part) => existsSync(args.path(part))));
  const [image, labels] = there ?? pairs[0] ?? [text, ''];
  return { image: args.path(image), labels: args.path(labels) };
}

/**
 * The clean pictures that a fit learns from: those asked for, or the bundled ones.
 * @throws MembranaError usage, model.not-found where none come with the app, and what opening throws
 */
export async function cleanPictures(
  args: Arguments,
  { resources, signal }: Pick<Context, 'resources' | 'signal'>,
): Promise<CleanPictures[]> {
  const asked = args.all('pictures').map((text) => partsOf(text, args));
  const membranes = args.all('membrane');
  const ranges = args.all('picture-slices');
  const labelled = asked.filter(({ labels }) => labels !== null).length;
  if (membranes.length !== labelled)
    throw usageError(
      `--membrane is given ${String(membranes.length)} times for ${String(labelled)} labelled --pictures; each needs its own.`,
      'fit',
    );
  if (ranges.length > 1 && ranges.length !== asked.length)
    throw usageError('Give --picture-slices once, or once for each --pictures.', 'fit');
  if (asked.length === 0) {
    const bundled = await bundledPictures(resources);
    if (bundled !== null) return [bundled];
    throw usageError('No pictures come with this Membrana: give --pictures.', 'fit');
  }
  const result: CleanPictures[] = [];
  let nextMembrane = 0;
  for (const [i, { image, labels }] of asked.entries()) {
    const source = await openStack(image, { signal });
    const { depth, voxelSize } = source.info;
    const reference = await source.reference();
    await source.close();
    const range = ranges.length > 1 ? ranges[i] : ranges[0];
    result.push({
      image: reference,
      pixelSize: pixelSizeOf(voxelSize),
      slices: parseSliceRange(range ?? `0-${String(depth - 1)}`, depth),
      labels:
        labels === null
          ? null
          : {
              stack: await sourceReference(labels),
              membrane: args.labelValue('membrane', membranes[nextMembrane++] ?? ''),
              void: null,
            },
    });
  }
  return result;
}
