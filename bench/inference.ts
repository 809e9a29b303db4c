import { selectEngine } from '#model/engines/select';
import { initialWeights } from '#model/network/weights';
import { benchNetwork, runRace } from './race/network-race';
import type { SideOptions } from './race/race-options';

const side = 512;

/** One 512² slice forward, from normalised pixels to probabilities. */
async function prepare({ engine, base, threads }: SideOptions): Promise<() => Promise<unknown>> {
  const found = await selectEngine({ engine, device: 'cpu', threads });
  const network = benchNetwork(base);
  const session = await found.compileInference(network, initialWeights(network, 0), {
    width: side,
    height: side,
    batch: 1,
  });
  const image = Float32Array.from({ length: side * side }, () => Math.random() * 2 - 1);
  return () => session.run(image);
}

await runRace({ line: 'inference', mode: 'forward', prepare });
