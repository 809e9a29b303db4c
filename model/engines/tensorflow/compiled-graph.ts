import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelError } from '../../errors';
import type { Binding } from './binding';
import type { GraphBuilder } from './graph';

export interface GraphInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * A graph that TensorFlow has loaded. The binding takes graphs from a folder
 * only, so it lies in a temporary one for as long as loading takes. Dispose it.
 */
export class CompiledGraph {
  readonly #binding: Binding;
  readonly #id: number;
  #disposed = false;

  constructor(binding: Binding, graph: GraphBuilder) {
    this.#binding = binding;
    const folder = mkdtempSync(join(tmpdir(), 'membrana-graph-'));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), graph.savedModel());
      this.#id = binding.loadSavedModel(folder, 'serve');
    } catch (cause) {
      throw engineFailure('load its graph', cause);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Runs the graph once; the values come back in the order of the names. Every tensor is gone afterwards. */
  run(inputs: readonly GraphInput[], outputs: readonly string[]): Float32Array<ArrayBuffer>[] {
    if (this.#disposed) throw engineFailure('run', new Error('the session was closed'));
    const held: number[] = [];
    try {
      for (const { shape, values } of inputs)
        held.push(this.#binding.createTensor(shape, this.#binding.TF_FLOAT, values));
      const results = this.#binding.runSavedModel(
        this.#id,
        held,
        inputs.map(({ name }) => `${name}:0`).join(','),
        outputs.map((name) => `${name}:0`).join(','),
      );
      held.push(...results.map(({ id }) => id));
      return results.map(({ id }) => floats(this.#binding.tensorDataSync(id)));
    } catch (cause) {
      throw engineFailure('compute', cause);
    } finally {
      for (const id of held) this.#binding.deleteTensor(id);
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#binding.deleteSavedModel(this.#id);
  }
}

function floats(value: unknown): Float32Array<ArrayBuffer> {
  if (value instanceof Float32Array && value.buffer instanceof ArrayBuffer) {
    return new Float32Array(value.buffer, value.byteOffset, value.length);
  }
  throw new Error('the engine returned something other than float32 values');
}

function engineFailure(action: string, cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  if (/OOM|RESOURCE_EXHAUSTED|allocat/i.test(message)) {
    return new ModelError('engine.out-of-memory', `TensorFlow ran out of memory: ${message}`, {
      hint: 'Choose a smaller network or smaller tiles, or close other programs.',
      data: { engine: 'tensorflow' },
      cause,
    });
  }
  return new ModelError('engine.failed', `TensorFlow could not ${action}: ${message}`, {
    hint: 'Try again; if it happens again, save diagnostics from the Help menu and report this.',
    data: { engine: 'tensorflow' },
    cause,
  });
}
