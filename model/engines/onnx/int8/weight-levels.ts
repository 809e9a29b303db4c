import type { ConvolutionLayer } from '../../../network/network';
import { CompiledGraph } from '../compiled-graph';
import type { Writing } from '../feature-map';
import { GraphBuilder } from '../graph';
import { converted } from './byte-map';
import { convolvedBytes } from './step-bytes';

let found: Promise<number> | undefined;

const whole = 127;
const halved = 63;

/**
 * Steps that weights may have on either side of zero: 127, or 63 on processors
 * without an 8-bit dot product, whose kernels add pairs of products in 16 bits
 * and cut off what doesn't fit there (2 · 255 · 127 doesn't, 2 · 255 · 63
 * does). Found out by letting them add the largest products; once in a process.
 */
export function weightLevels(): Promise<number> {
  found ??= probe();
  return found;
}

/** 16 and more channels go through another kernel than 8. */
const kernels = [16, 8];
const inputChannels = 16;
const expected = 200;

async function probe(): Promise<number> {
  const graph = new GraphBuilder('cpu');
  const writing: Writing = { graph, block: null };
  const shape = [1, 4, 4, inputChannels];
  const plain = (channels: number) => ({
    zeroPoint: 0,
    scales: new Float32Array(channels).fill(1),
  });
  const given = graph.input('input', shape);
  const bytes = converted(writing, 'QuantizeLinear', given, plain(inputChannels));
  const outputs = kernels.map((outputChannels) => {
    const layer: ConvolutionLayer = {
      kind: 'convolution',
      name: 'largest',
      input: 'input',
      kernel: 1,
      inputChannels,
      outputChannels,
      bias: true,
      start: 'he',
    };
    const filter = {
      weight: new Int8Array(outputChannels * inputChannels).fill(whole),
      scales: new Float32Array(outputChannels).fill(expected / (255 * whole * inputChannels)),
      bias: new Int32Array(outputChannels),
    };
    const code = plain(outputChannels);
    const zeroPoints = { input: 0, output: 0 };
    const sums = convolvedBytes(graph, bytes, zeroPoints, layer, filter, code.scales);
    const output = converted(writing, 'DequantizeLinear', sums, code);
    graph.output(output);
    return { ...output, values: new Float32Array(16 * outputChannels) };
  });
  const compiled = await CompiledGraph.load(graph, {
    provider: 'cpu',
    threads: 1,
    block: null,
    worker: null,
  });
  try {
    const values = new Float32Array(16 * inputChannels).fill(255);
    await compiled.run([{ name: 'input', shape, values }], outputs);
  } finally {
    compiled.dispose();
  }
  const exact = outputs.every(({ values }) => values.every((value) => value === expected));
  return exact ? whole : halved;
}
