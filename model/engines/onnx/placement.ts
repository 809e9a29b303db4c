export type OnnxProvider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** Where and how the graphs of an engine run. */
export interface Placement {
  readonly provider: OnnxProvider;
  readonly threads: number;
  /** Channels in a block of the blocked kernels; null = there are none here. */
  readonly block: number | null;
  /** The built worker that micro-batches run in side by side; null = they run one after the other. */
  readonly worker: URL | null;
}
