import type { TrainingState } from '../engines/engine';
import { ModelError } from '../errors';

/** State worth going back to when the loss runs away. */
export interface GoodState {
  readonly step: number;
  readonly optimiser: TrainingState;
  readonly average: Float32Array<ArrayBuffer>;
  readonly averageUpdates: number;
}

/** Everything that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly step: number;
  /** The last step whose validation and preview were given; later than `step` after a return. */
  readonly reported: number;
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
  /** null = that of `step` itself. */
  readonly good: GoodState | null;
}

const magic = 'membrana-checkpoint';
const version = 2;
const arraysOfState = 5;
const arraysOfGoodState = 4;

const stateArrays = ({ optimiser, average }: Pick<GoodState, 'optimiser' | 'average'>) => [
  optimiser.weights,
  optimiser.firstMoment,
  optimiser.secondMoment,
  average,
];

/**
 * One line of JSON, then float32 arrays of the network's length, little-endian:
 * weights, both moments, average, best; then the first four again of the state
 * to go back to, where it is another one.
 */
export function checkpointBytes(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { optimiser, average, best, good, ...numbers } = checkpoint;
  const parameters = optimiser.weights.length;
  const header = {
    magic,
    version,
    parameters,
    updates: optimiser.updates,
    ...numbers,
    good:
      good === null
        ? null
        : {
            step: good.step,
            updates: good.optimiser.updates,
            averageUpdates: good.averageUpdates,
          },
  };
  const text = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const arrays = [
    ...stateArrays({ optimiser, average }),
    best,
    ...(good === null ? [] : stateArrays(good)),
  ];
  const bytes = new Uint8Array(text.length + arrays.length * 4 * parameters);
  bytes.set(text);
  const view = new DataView(bytes.buffer);
  let at = text.length;
  for (const values of arrays) {
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
  const fields = fieldsOf(header);
  if (fields.get('magic') !== magic || fields.get('version') !== version)
    throw corrupt('it is not a checkpoint of this version');
  if (numberIn(fields, 'parameters') !== parameters) {
    throw new ModelError(
      'model.shape-mismatch',
      `The checkpoint has ${numberIn(fields, 'parameters')} weights, but the network has ${parameters}.`,
      {
        hint: 'Go on with the network that the checkpoint was made with, or start again.',
        data: { expected: parameters, found: numberIn(fields, 'parameters') },
      },
    );
  }
  const good = fields.get('good') === null ? null : fieldsOf(fields.get('good'));
  const arrays = arraysOfState + (good === null ? 0 : arraysOfGoodState);
  if (bytes.length !== end + 1 + arrays * 4 * parameters) throw corrupt('it was cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = (index: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: parameters }, (_, i) =>
      view.getFloat32(end + 1 + 4 * (index * parameters + i), true),
    );
  const optimiser = (first: number, updates: number): TrainingState => ({
    weights: floats(first),
    firstMoment: floats(first + 1),
    secondMoment: floats(first + 2),
    updates,
  });
  const bestScore = fields.get('bestScore');
  return {
    step: numberIn(fields, 'step'),
    reported: numberIn(fields, 'reported'),
    seconds: numberIn(fields, 'seconds'),
    random: numbersIn(fields, 'random'),
    drawn: numbersIn(fields, 'drawn'),
    losses: numbersIn(fields, 'losses'),
    returns: numberIn(fields, 'returns'),
    averageUpdates: numberIn(fields, 'averageUpdates'),
    bestScore: typeof bestScore === 'number' ? bestScore : null,
    bestStep: numberIn(fields, 'bestStep'),
    optimiser: optimiser(0, numberIn(fields, 'updates')),
    average: floats(3),
    best: floats(4),
    good:
      good === null
        ? null
        : {
            step: numberIn(good, 'step'),
            optimiser: optimiser(arraysOfState, numberIn(good, 'updates')),
            average: floats(arraysOfState + 3),
            averageUpdates: numberIn(good, 'averageUpdates'),
          },
  };
}

type Fields = ReadonlyMap<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  new Map<string, unknown>(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );

function numberIn(fields: Fields, key: string): number {
  const value = fields.get(key);
  if (typeof value !== 'number') throw corrupt(`"${key}" is missing`);
  return value;
}

function numbersIn(fields: Fields, key: string): number[] {
  const value = fields.get(key);
  if (!Array.isArray(value)) throw corrupt(`"${key}" is missing`);
  return value.filter((item): item is number => typeof item === 'number');
}
