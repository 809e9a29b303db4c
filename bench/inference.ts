import type { InferenceSession } from '#model/engines/engine';
import { int8Of } from '#model/engines/int8';
import { selectEngine } from '#model/engines/select';
import { initialWeights } from '#model/network/weights';
import { benchNetwork, raceNetwork } from './race/network-race';
import { benchOptions, type BenchOptions } from './race/options';
import { printRows } from './race/report';
import { answerSamples } from './race/side';

const side = 512;

/** One 512² slice forward, from normalised pixels to probabilities; `--precision int8` in 8 bits. */
async function runSide({ base, threads, precision, clock }: BenchOptions): Promise<void> {
  const engine = await selectEngine({ engine: 'auto', device: 'cpu', threads });
  const network = benchNetwork(base);
  const weights = initialWeights(network, 0);
  const shape = { width: side, height: side, batch: 1 };
  const image = Float32Array.from({ length: side * side }, () => Math.random() * 2 - 1);
  const compile = async (): Promise<InferenceSession> => {
    if (precision === 'float') return await engine.compileInference(network, weights, shape);
    const int8 = int8Of(engine);
    const ranges = await int8.calibrate(network, weights, shape, [image]);
    return await int8.compile(network, weights, shape, ranges);
  };
  const session = await compile();
  answerSamples(() => session.run(image), clock);
}

const options = benchOptions();
if (options.side) await runSide(options);
else printRows(await raceNetwork('inference', 'forward', options));
