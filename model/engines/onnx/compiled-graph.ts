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
        await InferenceSession.create(graph.model(), sessionOptions(placement)),
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

/** Threads that wait in a loop would starve the window and other programs, so they sleep. */
function sessionOptions({ provider, threads }: Placement): InferenceSession.SessionOptions {
  return {
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
