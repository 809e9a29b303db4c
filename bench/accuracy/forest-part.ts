import { join } from 'node:path';
import { z } from 'zod';
import { chooseThresholds } from '#model/metrics/choose-thresholds';
import type { Fold } from './folds';
import type { LabelledStack } from './labelled-stack';
import type { AccuracyOptions } from './options';
import type { Part } from './part';
import { writePeerJob } from './peer-job';
import { runPeer } from './peer-process';
import { peerScript } from './places';
import { besideTruth, readRawMaps, writeMapsTiff } from './probability-maps';

const Done = z.object({ event: z.literal('done'), seconds: z.number() });

/** How the forest is fitted: a hundred trees, as interactive classifiers have, on pixels drawn from every slice. */
export const forestSettings = (quick: boolean) =>
  quick ? { trees: 20, pixelsPerSlice: 500 } : { trees: 100, pixelsPerSlice: 8000 };

/** Control: a random forest on filter responses, fitted on the same slices. */
export async function forestPart(
  folder: string,
  fold: Fold,
  stack: LabelledStack,
  { threads, seed, quick }: AccuracyOptions,
  python: string,
): Promise<Part> {
  const job = await writePeerJob(folder, 'forest', fold, stack, {
    ...{ threads, seed },
    ...forestSettings(quick),
  });
  const { seconds } = Done.parse(
    await runPeer(python, peerScript('filter_forest.py'), job.path, threads),
  );
  const chosen = chooseThresholds(
    besideTruth(await readRawMaps(job.chooseMaps, stack), fold.choose, stack),
  );
  const maps = join(folder, 'forest.tif');
  await writeMapsTiff(maps, await readRawMaps(job.scoreMaps, stack), stack);
  return {
    name: 'random forest on filters',
    maps,
    thresholds: { topology: chosen.threshold, pixel: chosen.pixelThreshold },
    ...{ steps: null, seconds, curve: [], notes: '' },
  };
}
