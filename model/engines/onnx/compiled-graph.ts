import type { InferenceSession } from 'onnxruntime-node';
import type { GraphBuilder } from './graph';
import { engineFailure, loadLibrary, type OnnxTensor } from './library';
import type { Placement } from './placement';

export interface NamedValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** Graphs that are alive in this process; the leak tests look at it. */
let alive = 0;

export const graphsAlive = (): number => alive;

/** Takes note of graphs that were loaded or disposed of. */
export function countGraphs(change: number): void {
  alive += change;
}

/** A graph that ONNX Runtime has loaded for its fixed shapes. Dispose it. */
export class CompiledGraph {
  readonly #session: InferenceSession;
  #disposed = false;

  private constructor(session: InferenceSession) {
    this.#session = session;
    countGraphs(1);
  }

  static async load(graph: GraphBuilder, placement: Placement): Promise<CompiledGraph> {
    const { InferenceSession } = loadLibrary();
    try {
      return new CompiledGraph(
        await InferenceSession.create(graph.model(), sessionOptions(placement, graph.resultBytes)),
      );
    } catch (cause) {
      throw engineFailure('load its graph', cause);
    }
  }

  /** Runs the graph once. The results are written into the arrays of `outputs`. */
  async run(inputs: readonly NamedValues[], outputs: readonly NamedValues[]): Promise<void> {
    if (this.#disposed) throw engineFailure('run', new Error('the session was closed'));
    const { Tensor } = loadLibrary();
    const tensors = (given: readonly NamedValues[]): Record<string, OnnxTensor> =>
      Object.fromEntries(
        given.map(({ name, shape, values }) => [name, new Tensor('float32', values, shape)]),
      );
    try {
      const results = await this.#session.run(tensors(inputs), tensors(outputs));
      for (const { name, values } of outputs) {
        const data = results[name]?.data;
        if (!(data instanceof Float32Array)) throw new Error(`there is no result "${name}"`);
        if (data !== values) values.set(data);
      }
    } catch (cause) {
      throw engineFailure('compute', cause);
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    countGraphs(-1);
    // Frees at once; a promise only by its signature.
    void this.#session.release();
  }
}

/**
 * Bytes of a graph's results up to which ONNX Runtime's memory arena is used.
 * It grows by doubling and, from the second run on, takes one piece for a whole
 * run; a piece of 2 GiB ends Electron's utility process. There, results of
 * 2.1 GiB (training base 16 on 2 × 256²) ran, and 2.8 GiB (base 64 on a slice
 * of 640²) and 4.8 GiB (training base 32) died. Without the arena they ran, in
 * a third of the memory.
 */
const arenaLimit = 2.25 * 2 ** 30;

/** Threads that wait in a loop would starve the window and other programs, so they sleep. */
function sessionOptions(
  { provider, threads }: Placement,
  resultBytes: number,
): InferenceSession.SessionOptions {
  const arena = resultBytes <= arenaLimit;
  return {
    enableCpuMemArena: arena,
    enableMemPattern: arena,
    executionProviders: provider === 'cpu' ? ['cpu'] : [{ name: provider }, 'cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: {
      session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } },
    },
  };
}
