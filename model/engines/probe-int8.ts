import { defaultNetwork } from '../training/defaults';
import { Random } from '../training/random';
import { unet } from '../network/unet';
import { initialWeights } from '../network/weights';
import type { Engine } from './engine';
import { int8Of } from './int8';

export interface Int8ProbeResult {
  /** Time of a forward pass in float over that in 8 bits; > 1 = 8 bits are faster. */
  readonly speedUp: number;
  /** Mean difference of a probability, float against 8 bits; a wrong kernel gives 0.1 and more. */
  readonly meanError: number;
  /** One forward pass at 512² in 8 bits, the fastest. */
  readonly milliseconds: number;
}

const side = 512;
const rounds = 5;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * What 8-bit inference is worth here: float and 8 bits in turns on one 512²
 * tile of noise, the fastest of five each. Takes one to three seconds.
 * Throws `engine.unavailable` where the engine has none.
 */
export async function probeInt8(engine: Engine, baseFilters = 16): Promise<Int8ProbeResult> {
  const int8 = int8Of(engine);
  const network = unet({ ...defaultNetwork, baseFilters });
  const random = new Random(5);
  // Fresh residual branches are zero and would be no test.
  const weights = initialWeights(network, 2).map((value) => value + 0.01 * random.normal());
  const image = Float32Array.from({ length: side * side }, () => random.normal());
  const shape = { width: side, height: side, batch: 1 };
  const ranges = await int8.calibrate(network, weights, shape, [image]);
  const float = await engine.compileInference(network, weights, shape);
  const bytes = await int8.compile(network, weights, shape, ranges);
  try {
    const exact = await float.run(image);
    const found = await bytes.run(image);
    const meanError = exact.reduce(
      (sum, value, i) => sum + Math.abs(value - (found[i] ?? Number.NaN)) / exact.length,
      0,
    );
    let inFloat = Infinity;
    let inBytes = Infinity;
    for (let round = 0; round < rounds; round++) {
      inFloat = Math.min(inFloat, await timed(() => float.run(image)));
      inBytes = Math.min(inBytes, await timed(() => bytes.run(image)));
    }
    return { speedUp: inFloat / inBytes, meanError, milliseconds: inBytes };
  } finally {
    float.dispose();
    bytes.dispose();
  }
}
