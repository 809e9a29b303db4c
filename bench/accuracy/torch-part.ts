import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { chooseThresholds } from '#model/metrics/choose-thresholds';
import type { Network } from '#model/network/network';
import { parametersOf } from '#model/network/parameters';
import { initialWeights, weightsToBytes } from '#model/network/weights';
import { parseNetwork } from '#model/network/parse-network';
import { trainingRecipe } from '#model/training/defaults';
import type { Fold } from './folds';
import type { LabelledStack } from './labelled-stack';
import type { AccuracyOptions } from './options';
import type { CurvePoint, Part } from './part';
import { writePeerJob } from './peer-job';
import { runPeer } from './peer-process';
import { peerScript } from './places';
import { besideTruth, readRawMaps, writeMapsTiff } from './probability-maps';

const Layout = z.object({
  event: z.literal('layout'),
  milliseconds: z.record(z.string(), z.number()),
  chosen: z.string(),
});
const Validate = z.object({
  event: z.literal('validate'),
  step: z.number(),
  seconds: z.number(),
  /** The last one looks for thresholds as finely as ours does. */
  last: z.boolean(),
});
const Done = z.object({
  event: z.literal('done'),
  steps: z.number(),
  seconds: z.number(),
  torch: z.string(),
});
const Event = z.discriminatedUnion('event', [Layout, Validate, Done]);

/** The network that our side trained in `folder`, so that both train the same one. */
export function trainedNetwork(folder: string): Network {
  const card: unknown = JSON.parse(readFileSync(join(folder, 'model', 'model.json'), 'utf8'));
  return parseNetwork(z.object({ network: z.unknown() }).parse(card).network);
}

/**
 * The same network in PyTorch from the same start weights, for the same time or as many steps.
 * Checkpoint and thresholds are chosen by the rule that ours has, with our
 * metrics: maps come here, the verdict goes back.
 */
export async function torchPart(
  folder: string,
  fold: Fold,
  stack: LabelledStack,
  options: AccuracyOptions,
  peer: { readonly python: string; readonly network: Network },
): Promise<Part> {
  const { budget, threads, seed } = options;
  const { network } = peer;
  const weights = join(folder, 'torch-start.f32');
  const job = await writePeerJob(folder, 'torch', fold, stack, {
    ...{ network, parameters: parametersOf(network), weights, seed, threads },
    ...{ budget, validateEvery: trainingRecipe.validateEvery },
  });
  await writeFile(weights, weightsToBytes(initialWeights(network, seed)));
  const thresholdsNow = async (coarse: boolean) => {
    const maps = await readRawMaps(job.chooseMaps, stack);
    return chooseThresholds(besideTruth(maps, fold.choose, stack), { coarse });
  };
  const curve: CurvePoint[] = [];
  let best = -Infinity;
  let layout = '';
  const began = performance.now();
  const last = await runPeer(
    peer.python,
    peerScript('torch_train.py'),
    job.path,
    threads,
    async (line) => {
      const event = Event.parse(line);
      switch (event.event) {
        case 'layout':
          layout = event.chosen;
          process.stderr.write(`PyTorch: ${JSON.stringify(event.milliseconds)} ms a step\n`);
          return null;
        case 'validate': {
          const { vInfo, dice } = await thresholdsNow(!event.last);
          const rank = Number.isNaN(vInfo) ? dice : vInfo;
          const keep = rank >= best;
          if (keep) best = rank;
          const { step, seconds } = event;
          curve.push({ step, seconds, vInfo });
          process.stderr.write(`PyTorch: step ${step}, V_Info ${vInfo.toFixed(4)}\n`);
          return { keep };
        }
        case 'done':
          return null;
      }
    },
  );
  const all = (performance.now() - began) / 1000;
  const { steps, seconds, torch } = Done.parse(last);
  const { threshold, pixelThreshold } = await thresholdsNow(false);
  const maps = join(folder, 'torch.tif');
  await writeMapsTiff(maps, await readRawMaps(job.scoreMaps, stack), stack);
  return {
    name: `PyTorch ${torch}, ${layout}`,
    maps,
    thresholds: { topology: threshold, pixel: pixelThreshold },
    ...{ steps, seconds, curve },
    notes: `${all.toFixed(0)} s with start and validation; from the same start weights`,
  };
}
