import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ComputeClient } from '#main/compute/client';
import { computeEnvironment } from '#main/compute/environment';
import { nodeLauncher } from '#main/compute/node-launcher';
import { EngineChoice } from '#main/compute/requests';
import { writeLines } from '#main/compute/testing/line-stacks';
import { killSteps, trainWithKills } from '#main/jobs/testing/killed-training';
import type { KeptTraining } from '#main/jobs/resumable-training';
import { sourceReference } from '#main/stacks/open-stack';
import { printRows } from './race/report';

/**
 * Kills the compute process with SIGKILL at random steps of one training and
 * compares the weights with those of the unbroken run: ‖a − b‖ / ‖a‖, 0 = bit
 * by bit. Ends with exit code 1 above 1e-6.
 */
const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'auto' },
    device: { type: 'string', default: 'cpu' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    base: { type: 'string', default: '4' },
    threads: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    // There is none; every line takes the word, so that all can run at once.
    peers: { type: 'boolean', default: false },
  },
});
const kills = options.quick ? 4 : Number(options.kills);
const steps = 12 + 2 * kills;
const threads = Number(options.threads);
const choice = EngineChoice.parse({ engine: options.engine, device: options.device, threads });
const folder = mkdtempSync(join(tmpdir(), 'membrana-resume-'));
const compute = new ComputeClient({
  launcher: nodeLauncher(resolve(import.meta.dirname, '..', 'main', 'compute.js')),
  environment: computeEnvironment(choice),
});
try {
  const image = join(folder, 'image.tif');
  const labels = join(folder, 'labels.tif');
  await writeLines(image, 'image', { side: 128, depth: 3 });
  await writeLines(labels, 'labels', { side: 128, depth: 3 });
  const source = {
    image: await sourceReference(image),
    labels: await sourceReference(labels),
    membrane: 0,
    void: null,
    train: [0, 1],
    validate: [2],
  };
  const params = (name: string): KeptTraining => ({
    data: {
      kind: 'stacks',
      sources: [source],
    },
    start: { kind: 'fresh', baseFilters: Number(options.base) },
    budget: { steps, seconds: null },
    seed: 0,
    checkpoint: { path: join(folder, name), resume: false, every: 2 },
    choice,
  });
  const whole = await trainWithKills(compute, params('whole'), []);
  const wanted = killSteps(Number(options.seed), kills, steps);
  const { result, killed } = await trainWithKills(compute, params('killed'), wanted);
  let difference = 0;
  let norm = 0;
  whole.result.weights.forEach((value, i) => {
    difference += (value - (result.weights[i] ?? Number.NaN)) ** 2;
    norm += value ** 2;
  });
  const ours = Math.sqrt(difference / norm);
  process.stderr.write(`killed at steps ${killed.join(', ')} of ${steps}\n`);
  printRows([
    {
      line: 'resume',
      case: `base-${options.base}, ${killed.length} kills, ${result.engine}, ${result.device}`,
      unit: 'relative difference of the weights',
      ours,
      peer: null,
      peerName: null,
      ratio: null,
      threads,
      samples: killed.length,
    },
  ]);
  if (killed.length !== kills || !(ours <= 1e-6)) process.exitCode = 1;
} finally {
  compute.dispose();
  rmSync(folder, { recursive: true });
}
