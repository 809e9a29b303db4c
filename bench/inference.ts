import { int8Of } from '#model/engines/int8';
import { selectEngine } from '#model/engines/select';
import { initialWeights } from '#model/network/weights';
import { benchNetwork, runRace } from './race/network-race';
import type { SideOptions } from './race/race-options';

const side = 512;

/** One 512² slice forward, from normalised pixels to probabilities. */
async function prepare(options: SideOptions): Promise<() => Promise<unknown>> {
  const { engine, base, threads, precision } = options;
  const found = await selectEngine({ engine, device: 'cpu', threads });
  const network = benchNetwork(base);
  const weights = initialWeights(network, 0);
  const shape = { width: side, height: side, batch: 1 };
  const image = Float32Array.from({ length: side * side }, () => Math.random() * 2 - 1);
  if (precision === 'float') {
    const session = await found.compileInference(network, weights, shape);
    return () => session.run(image);
  }
  const int8 = int8Of(found);
  const ranges = await int8.calibrate(network, weights, shape, [image]);
  const session = await int8.compile(network, weights, shape, ranges);
  return () => session.run(image);
}

await runRace({ line: 'inference', mode: 'forward', precisions: ['float', 'int8'], prepare });
