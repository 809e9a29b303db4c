import { selectEngine } from '#model/engines/select';
import { initialWeights } from '#model/network/weights';
import { trainingRecipe } from '#model/training/defaults';
import { benchNetwork, runRace } from './race/network-race';
import type { SideOptions } from './race/race-options';

/** One AdamW step on 4 × 256², in the micro-batches that the trainer uses. */
async function prepare({ engine, base, threads }: SideOptions): Promise<() => Promise<unknown>> {
  const found = await selectEngine({ engine, device: 'cpu', threads });
  const network = benchNetwork(base);
  const { batch, microBatch, crop } = trainingRecipe;
  const session = await found.compileTraining(network, initialWeights(network, 0), {
    width: crop,
    height: crop,
    diceWeight: trainingRecipe.diceWeight,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: trainingRecipe.weightDecay,
    gradientClip: trainingRecipe.gradientClip,
  });
  const pixels = microBatch * crop * crop;
  const noise = (): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: pixels }, () => Math.random() * 2 - 1);
  const batches = Array.from({ length: batch / microBatch }, () => ({
    count: microBatch,
    image: noise(),
    target: noise().map((value) => (value > 0.56 ? 1 : 0)),
    weight: new Float32Array(pixels).fill(1),
  }));
  return () => session.step(batches, 1e-3);
}

await runRace({ line: 'training-step', mode: 'train', precisions: ['float'], prepare });
