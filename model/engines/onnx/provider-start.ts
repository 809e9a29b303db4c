import { ModelError } from '../../errors';
import { CompiledGraph } from './compiled-graph';
import { GraphBuilder } from './graph';
import { unary } from './operations';
import type { OnnxProvider, Placement } from './placement';

/**
 * Lets a provider compute one number, so that a missing graphics card or
 * driver is told before any work is. Throws `engine.unavailable` with the reason.
 */
export async function startProvider(placement: Placement): Promise<void> {
  const { provider } = placement;
  const graph = new GraphBuilder(provider);
  const output = unary(graph, 'Relu', graph.input('input', [1]));
  graph.output(output);
  try {
    const compiled = await CompiledGraph.load(graph, placement);
    const values = new Float32Array(1);
    const given = { name: 'input', shape: [1], values: Float32Array.of(2) };
    await compiled.run([given], [{ ...output, values }]);
    compiled.dispose();
    if (values[0] !== 2) throw new Error('it computes wrong numbers');
  } catch (cause) {
    throw refusal(provider, cause);
  }
}

function refusal(provider: OnnxProvider, cause: unknown): ModelError {
  const told = cause instanceof Error ? cause.message : String(cause);
  const data = { engine: 'onnx', provider, reason: told };
  if (/no supported adapters/i.test(told)) {
    return new ModelError(
      'engine.unavailable',
      'No graphics card was found that can compute here: there is none, or its driver is missing.',
      {
        hint: 'Choose the CPU, or "auto". With a graphics card, install its current driver (on Linux with Vulkan) and try again.',
        data,
        cause,
      },
    );
  }
  // ONNX Runtime puts the place in its source before the reason.
  const reason = told.split(/was false\. |: (?=[^:]*$)/).at(-1) ?? told;
  return new ModelError(
    'engine.unavailable',
    `The graphics card could not be used (${provider}): ${reason}`,
    { hint: 'Choose the CPU, or "auto"; a current driver may help.', data, cause },
  );
}
