import type { EngineName, EngineProvider, EngineReport, Settings } from '#contract/entities';

/** One engine on one device: what is probed, chosen and stepped down to. */
export interface Candidate {
  readonly name: EngineName;
  readonly device: 'cpu' | 'gpu';
  readonly provider: EngineProvider;
}

/** What a person asked for; `auto` leaves it to the probe. */
export type EngineWish = Pick<Settings, 'engine' | 'device' | 'provider'> &
  Partial<Pick<Settings, 'segmentation'>>;

const onnx = (provider: EngineProvider): Candidate => ({
  name: 'onnx',
  device: provider === 'cpu' ? 'cpu' : 'gpu',
  provider,
});

/** Ways to a GPU that ONNX Runtime may have on a system; what its build lacks drops out in the probe. */
const onnxGpu: Readonly<Partial<Record<NodeJS.Platform, readonly EngineProvider[]>>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['cuda', 'dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
};

/**
 * Every engine × device that a system may have, the default first: ONNX
 * Runtime on the CPU is what a fresh machine uses before any probe.
 */
export function candidatesOn(platform: NodeJS.Platform): readonly Candidate[] {
  return [
    onnx('cpu'),
    ...(onnxGpu[platform] ?? []).map(onnx),
    { name: 'tensorflow', device: 'cpu', provider: 'cpu' },
    ...(platform === 'darwin'
      ? []
      : [{ name: 'tensorflow', device: 'gpu', provider: 'cuda' } as const]),
  ];
}

export function sameCandidate(a: Candidate, b: Candidate): boolean {
  return a.name === b.name && a.provider === b.provider;
}

export function candidateOf({ name, device, provider }: Candidate): Candidate {
  return { name, device, provider };
}

export function fitsWish({ name, device, provider }: Candidate, wish: EngineWish): boolean {
  return (
    (wish.engine === 'auto' || wish.engine === name) &&
    (wish.device === 'auto' || wish.device === device) &&
    (wish.provider === 'auto' || wish.provider === provider)
  );
}

/** A report of a candidate that nothing is known of yet. */
export function untried(candidate: Candidate, verdict: 'untried' | 'probing'): EngineReport {
  return {
    ...candidateOf(candidate),
    verdict,
    available: false,
    canTrain: false,
    probe: null,
    forwardMs: null,
    stepMs: null,
    fastMs: null,
  };
}

const engineTitles = { onnx: 'ONNX Runtime', tensorflow: 'TensorFlow' } as const;
const providerTitles = {
  cpu: 'CPU',
  cuda: 'NVIDIA GPU',
  webgpu: 'GPU (WebGPU)',
  dml: 'GPU (DirectML)',
  coreml: 'GPU (Core ML)',
} as const;

/** As people call it: "ONNX Runtime · CPU". */
export function candidateTitle({ name, provider }: Candidate): string {
  return `${engineTitles[name]} · ${providerTitles[provider]}`;
}
