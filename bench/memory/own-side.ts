import type { Engine } from '#model/engines/engine';
import { SlicePredictor } from '#model/inference/predictor';
import { normaliseSlice } from '#model/inference/normalise';
import { initialWeights } from '#model/network/weights';
import { trainingRecipe } from '#model/training/defaults';
import { train } from '#model/training/trainer';
import type { TrainingSlice } from '#model/training/training-slice';
import { benchNetwork } from '../race/network-race';
import { sampleEvery, type MemorySample, type Phase } from './samples';

const side = 512;

/** Rings of dark membrane in noise: enough for every part of a training to have work. */
function ringSlice(seed: number): TrainingSlice {
  const target = new Uint8Array(side * side);
  const grey = new Float32Array(side * side);
  for (let i = 0; i < target.length; i += 1) {
    const x = i % side;
    const y = (i - x) / side;
    const wave = Math.sin((x + 40 * seed) / 9) * Math.sin((y - 25 * seed) / 11);
    target[i] = Math.abs(wave) < 0.15 ? 1 : 0;
    grey[i] = 160 - 80 * (target[i] ?? 0) + 40 * Math.random();
  }
  const weight = new Float32Array(side * side).fill(1);
  return {
    image: normaliseSlice(grey),
    width: side,
    height: side,
    target,
    weight,
    group: 'labels',
  };
}

/** Prints a sample. The heap is swept first, so that a slope shows what is held and not when V8 sweeps. */
function report(engine: Engine, phase: Phase, done: number): void {
  if (globalThis.gc === undefined) throw new Error('start this process with --expose-gc');
  globalThis.gc();
  const { tensors, graphs } = engine.memory();
  const rssKiB = process.memoryUsage.rss() / 1024;
  const sample: MemorySample = { phase, done, rssKiB, tensors, graphs };
  process.stdout.write(`${JSON.stringify(sample)}\n`);
}

/** A whole training, validations and previews included, and then slice after slice. */
export async function runOwnSide(
  engine: Engine,
  options: { readonly base: number; readonly steps: number; readonly predictions: number },
): Promise<void> {
  const network = benchNetwork(options.base);
  const [validation = ringSlice(0), ...slices] = [0, 1, 2, 3, 4].map(ringSlice);
  const { image, width, height, target } = validation;
  const stop = { kind: 'steps', steps: options.steps } as const;
  const recipe = { ...trainingRecipe, stop };
  const run = { engine, network, slices, recipe, seed: 0 };
  const events = train({ ...run, validation: [{ image, width, height, target }] });
  for await (const event of events)
    if (event.kind === 'step' && event.step % sampleEvery === 0)
      report(engine, 'training', event.step);
  const predictor = new SlicePredictor(engine, network, initialWeights(network, 0));
  for (let done = 1; done <= options.predictions; done += 1) {
    await predictor.predict(validation);
    if (done % sampleEvery === 0) report(engine, 'prediction', done);
  }
  predictor.dispose();
}
