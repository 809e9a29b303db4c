import { selectEngine } from '#model/engines/select';
import { initialWeights } from '#model/network/weights';
import { benchNetwork, raceNetwork } from './race/network-race';
import { benchOptions } from './race/options';
import { printRows } from './race/report';
import { answerSamples } from './race/side';

const side = 512;

/** One 512² slice forward, from normalised pixels to probabilities. */
async function runSide(base: number, threads: number): Promise<void> {
  const engine = await selectEngine({ engine: 'auto', device: 'cpu', threads });
  const network = benchNetwork(base);
  const session = await engine.compileInference(network, initialWeights(network, 0), {
    width: side,
    height: side,
    batch: 1,
  });
  const image = Float32Array.from({ length: side * side }, () => Math.random() * 2 - 1);
  answerSamples(() => session.run(image));
}

const options = benchOptions();
if (options.side) await runSide(options.base, options.threads);
else printRows(await raceNetwork('inference', 'forward', options));
