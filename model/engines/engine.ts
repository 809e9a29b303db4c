import type { Network } from '../network/network';

export type EngineName = 'tensorflow' | 'onnx';
export type Device = 'cpu' | 'gpu';

/** What a forward pass is compiled for. Width and height must be multiples of `alignmentOf(network)`. */
export interface InferenceShape {
  readonly width: number;
  readonly height: number;
  readonly batch: number;
}

export interface InferenceSession {
  readonly shape: InferenceShape;
  /**
   * Membrane probabilities in [0, 1] of one batch: NHWC float32 in (normalised
   * images), NHWC float32 out (one channel a class). May block the thread while
   * it computes; one run at a time. Throws `engine.failed` or `engine.out-of-memory`.
   */
  run(images: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
}

/** A few crops that fit into memory together. All arrays are NHWC without gaps. */
export interface MicroBatch {
  readonly count: number;
  /** count × height × width × input channels, normalised. */
  readonly image: Float32Array<ArrayBuffer>;
  /** count × height × width × classes: 1 where the pixel is of the class. */
  readonly target: Float32Array<ArrayBuffer>;
  /** count × height × width × `weightPlanes(network)`: how much a pixel matters; 0 = not defined there. */
  readonly weight: Float32Array<ArrayBuffer>;
}

export interface TrainingOptions {
  readonly width: number;
  readonly height: number;
  /** Weight of the soft Dice term beside the cross entropy. */
  readonly diceWeight: number;
  /** How much the loss of each class behind the first counts beside that of the first; 1 where left out. For classes that are each for themselves. */
  readonly otherClassWeight?: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled, on convolution weights alone. */
  readonly weightDecay: number;
  /** Largest norm of the whole gradient; longer ones are scaled down to it. */
  readonly gradientClip: number;
}

export interface StepResult {
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

export interface LossAndGradient {
  readonly loss: number;
  /** By the weights, canonical order. */
  readonly gradient: Float32Array<ArrayBuffer>;
}

/** Weights and optimiser state as one snapshot, canonical order. */
export interface TrainingState {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly firstMoment: Float32Array<ArrayBuffer>;
  readonly secondMoment: Float32Array<ArrayBuffer>;
  /** Updates done so far. */
  readonly updates: number;
}

export interface TrainingSession {
  /**
   * One update from the given micro-batches, whose gradients add up to that of
   * the whole batch. A loss or gradient that is not finite is reported and
   * leaves the weights alone. May block the thread while it computes; one call at a time.
   */
  step(microBatches: readonly MicroBatch[], learningRate: number): Promise<StepResult>;
  /** Loss and gradient without an update, for tests and probes. */
  gradient(microBatches: readonly MicroBatch[]): Promise<LossAndGradient>;
  /** A copy of the current weights. */
  weights(): Float32Array<ArrayBuffer>;
  state(): TrainingState;
  restore(state: TrainingState): void;
  dispose(): void;
}

/** Smallest and largest value that each channel of a map was seen to take. */
export interface ChannelRanges {
  readonly lowest: Float32Array<ArrayBuffer>;
  readonly highest: Float32Array<ArrayBuffer>;
}

/** By the name of the layer, and `image` for the input; layers that an engine computes as one have the last one's name. */
export type ActivationRanges = ReadonlyMap<string, ChannelRanges>;

/** Inference with 8-bit weights and maps. */
export interface Int8Inference {
  /**
   * Runs the network in float over a few images (NHWC float32, normalised, each
   * one batch of `shape`) and gives the ranges of its maps.
   */
  calibrate(
    network: Network,
    weights: Float32Array<ArrayBuffer>,
    shape: InferenceShape,
    images: readonly Float32Array<ArrayBuffer>[],
  ): Promise<ActivationRanges>;
  /** Like `compileInference`; what goes beyond a range is cut off at it. Equal ranges give equal results. */
  compile(
    network: Network,
    weights: Float32Array<ArrayBuffer>,
    shape: InferenceShape,
    ranges: ActivationRanges,
  ): Promise<InferenceSession>;
}

export interface EngineProfileStore {
  /** Tensors alive in the engine; equal before and after a step. */
  readonly tensors: number;
  /** Compiled graphs alive. */
  readonly graphs: number;
}

export interface Engine {
  readonly name: EngineName;
  /** `cpu`, or `gpu` for every provider but the CPU. */
  readonly device: Device;
  /** What runs the kernels: cpu, cuda, webgpu, dml or coreml. */
  readonly provider: string;
  /** Name and version for the log and the model card. */
  readonly description: string;
  compileInference(
    network: Network,
    weights: Float32Array<ArrayBuffer>,
    shape: InferenceShape,
  ): Promise<InferenceSession>;
  compileTraining(
    network: Network,
    weights: Float32Array<ArrayBuffer>,
    options: TrainingOptions,
  ): Promise<TrainingSession>;
  /** Absent where the engine computes in float alone. */
  readonly int8?: Int8Inference;
  memory(): EngineProfileStore;
}
