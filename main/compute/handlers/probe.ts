import type { z } from 'zod';
import type { Engine, MicroBatch } from '#model/engines/engine';
import { listEngines, selectEngine } from '#model/engines/select';
import { unet } from '#model/network/unet';
import { initialWeights } from '#model/network/weights';
import { defaultNetwork, trainingRecipe } from '#model/training/defaults';
import { Random } from '#model/training/random';
import type { Handler } from '../request';
import type { EngineChoice, EngineProbe } from '../requests';
import { breathe } from '../serve';

/** Float32 arithmetic agrees to about 1e-3 here; a wrong gradient is off by far more. */
const LARGEST_ERROR = 0.02;
const STEP = 2e-3;

function randomBatch(count: number, side: number, random: Random): MicroBatch {
  const area = count * side * side;
  return {
    count,
    image: Float32Array.from({ length: area }, () => random.normal()),
    target: Float32Array.from({ length: area }, () => (random.uniform() < 0.22 ? 1 : 0)),
    weight: new Float32Array(area).fill(1),
  };
}

function trainingOptions(side: number) {
  const { diceWeight, weightDecay, gradientClip } = trainingRecipe;
  return {
    width: side,
    height: side,
    diceWeight,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay,
    gradientClip,
  };
}

/**
 * Asks whether the engine computes rightly: the slope of the loss along its
 * own gradient, by the gradient and by two losses. Returns the relative difference.
 */
function gradientError(engine: Engine): number {
  const side = 32;
  const network = unet({ ...defaultNetwork, baseFilters: 4, levels: 2 });
  const random = new Random(7);
  const weights = initialWeights(network, 7).map((value) => value + 0.05 * random.normal());
  const batch = [randomBatch(2, side, random)];
  const at = (values: Float32Array<ArrayBuffer>) => {
    const session = engine.compileTraining(network, values, trainingOptions(side));
    try {
      return session.gradient(batch);
    } finally {
      session.dispose();
    }
  };
  const { gradient } = at(weights);
  const length = Math.hypot(...gradient);
  const moved = (sign: number) =>
    at(weights.map((value, i) => value + (sign * STEP * (gradient[i] ?? 0)) / length)).loss;
  const slope = (moved(1) - moved(-1)) / (2 * STEP);
  return Math.abs(slope - length) / length;
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}

async function timed(work: () => void, runs: number, signal: AbortSignal): Promise<number> {
  const times: number[] = [];
  work();
  for (let i = 0; i < runs; i += 1) {
    await breathe(signal);
    const began = performance.now();
    work();
    times.push(performance.now() - began);
  }
  return median(times);
}

/** Milliseconds of a base-8 forward pass at 512² and of a training step of 4 × 256². */
async function speed(engine: Engine, signal: AbortSignal) {
  const network = unet(defaultNetwork);
  const weights = initialWeights(network, 0);
  const inference = engine.compileInference(network, weights, {
    width: 512,
    height: 512,
    batch: 1,
  });
  const image = new Float32Array(512 * 512);
  const forwardMs = await timed(() => inference.run(image), 3, signal);
  inference.dispose();
  const { batch, microBatch, crop } = trainingRecipe;
  const training = engine.compileTraining(network, weights, trainingOptions(crop));
  const random = new Random(1);
  const batches = Array.from({ length: batch / microBatch }, () =>
    randomBatch(microBatch, crop, random),
  );
  const stepMs = await timed(() => training.step(batches, 1e-4), 2, signal);
  training.dispose();
  return { forwardMs, stepMs };
}

/** Says which engines there are, whether they compute rightly and how fast. */
export const probe: Handler<
  { choice: EngineChoice },
  never,
  z.infer<typeof EngineProbe>[]
> = async ({ choice }, { signal }) => {
  const reports: z.infer<typeof EngineProbe>[] = [];
  for (const found of listEngines(choice.threads)) {
    await breathe(signal);
    if (!found.available) {
      reports.push({
        name: found.engine,
        device: 'none',
        available: false,
        reason: found.reason,
        canTrain: false,
        probe: null,
        forwardMs: null,
        stepMs: null,
      });
      continue;
    }
    const engine = selectEngine({ ...choice, engine: found.engine, device: 'auto' });
    const maxError = gradientError(engine);
    reports.push({
      name: found.engine,
      device: found.device,
      available: true,
      canTrain: true,
      probe: { ok: maxError <= LARGEST_ERROR, maxError },
      ...(await speed(engine, signal)),
    });
  }
  return reports;
};
