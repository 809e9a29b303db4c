import type { TrainingState } from '../engines/engine';
import { ModelError } from '../errors';

/** Everything that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly step: number;
  /** Seconds trained so far. */
  readonly seconds: number;
  readonly random: readonly number[];
  readonly drawn: readonly number[];
  readonly losses: readonly number[];
  readonly returns: number;
  readonly averageUpdates: number;
  readonly bestScore: number | null;
  readonly bestStep: number;
  readonly optimiser: TrainingState;
  readonly average: Float32Array<ArrayBuffer>;
  readonly best: Float32Array<ArrayBuffer>;
}

const magic = 'membrana-checkpoint';
const version = 1;

/** One line of JSON, then five float32 arrays of the network's length (weights, both moments, average, best), little-endian. */
export function checkpointBytes(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { optimiser, average, best, ...numbers } = checkpoint;
  const parameters = optimiser.weights.length;
  const header = { magic, version, parameters, updates: optimiser.updates, ...numbers };
  const text = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const bytes = new Uint8Array(text.length + 5 * 4 * parameters);
  bytes.set(text);
  const view = new DataView(bytes.buffer);
  let at = text.length;
  for (const values of [
    optimiser.weights,
    optimiser.firstMoment,
    optimiser.secondMoment,
    average,
    best,
  ]) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

function corrupt(reason: string): ModelError {
  return new ModelError('model.corrupt', `The training checkpoint can't be used: ${reason}.`, {
    hint: 'Start the training again from a model version; nothing else depends on the checkpoint.',
    data: { reason },
  });
}

/** Reads what `checkpointBytes` wrote. Throws `model.corrupt`, or `model.shape-mismatch` for another network. */
export function checkpointFromBytes(bytes: Uint8Array, parameters: number): Checkpoint {
  const end = bytes.indexOf(10);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end))));
  } catch (cause) {
    throw new ModelError(
      'model.corrupt',
      "The training checkpoint can't be used: it has no readable header.",
      {
        hint: 'Start the training again from a model version.',
        cause,
      },
    );
  }
  const fields = new Map<string, unknown>(
    typeof header === 'object' && header !== null ? Object.entries(header) : [],
  );
  if (fields.get('magic') !== magic || fields.get('version') !== version)
    throw corrupt('it is not a checkpoint of this version');
  const number = (key: string): number => {
    const value = fields.get(key);
    if (typeof value !== 'number') throw corrupt(`"${key}" is missing`);
    return value;
  };
  const numbers = (key: string): number[] => {
    const value = fields.get(key);
    if (!Array.isArray(value)) throw corrupt(`"${key}" is missing`);
    return value.filter((item): item is number => typeof item === 'number');
  };
  if (number('parameters') !== parameters) {
    throw new ModelError(
      'model.shape-mismatch',
      `The checkpoint has ${number('parameters')} weights, but the network has ${parameters}.`,
      {
        hint: 'Go on with the network that the checkpoint was made with, or start again.',
        data: { expected: parameters, found: number('parameters') },
      },
    );
  }
  if (bytes.length !== end + 1 + 5 * 4 * parameters) throw corrupt('it was cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = (index: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: parameters }, (_, i) =>
      view.getFloat32(end + 1 + 4 * (index * parameters + i), true),
    );
  const bestScore = fields.get('bestScore');
  return {
    step: number('step'),
    seconds: number('seconds'),
    random: numbers('random'),
    drawn: numbers('drawn'),
    losses: numbers('losses'),
    returns: number('returns'),
    averageUpdates: number('averageUpdates'),
    bestScore: typeof bestScore === 'number' ? bestScore : null,
    bestStep: number('bestStep'),
    optimiser: {
      weights: floats(0),
      firstMoment: floats(1),
      secondMoment: floats(2),
      updates: number('updates'),
    },
    average: floats(3),
    best: floats(4),
  };
}
