import { formatCount } from './format';

const names = { onnx: 'ONNX Runtime', tensorflow: 'TensorFlow' } as const;
const devices = {
  cpu: 'Processor (CPU)',
  cuda: 'NVIDIA graphics card',
  webgpu: 'Graphics card, by WebGPU',
  dml: 'Graphics card, by DirectML',
  coreml: 'Graphics card, by Core ML',
} as const;

const places = {
  cpu: 'on the processor',
  cuda: 'on the NVIDIA card',
  webgpu: 'on the graphics card (WebGPU)',
  dml: 'on the graphics card (DirectML)',
  coreml: 'on the graphics card (Core ML)',
} as const;

type Doing = 'segment' | 'train' | 'both';

const verbs: Readonly<Record<Doing, string>> = {
  segment: 'Segments with',
  train: 'Trains with',
  both: 'Segments and trains with',
};

const measures = {
  segment: 'the fastest forward pass',
  train: 'the fastest training step',
} as const;

/** Text of the engines panel. */
export const engineStrings = {
  title: 'Engines',
  lead: 'An engine computes the network. Each one is tested on this computer, in a process of its own, and must reproduce stored numbers before it may touch your data.',
  names,
  devices,
  engine: (name: keyof typeof names, provider: keyof typeof devices) =>
    `${names[name]}, ${devices[provider]}`,
  choose: 'Engine to use',
  automatic: 'Automatic',
  placed: (name: keyof typeof names, provider: keyof typeof devices) =>
    `${names[name]} ${places[provider]}`,
  automaticHelp: 'The fastest engine that passes its test, for each kind of work.',
  columns: { engine: 'Engine', forward: 'Forward pass', step: 'Training step' },
  verdicts: {
    untried: 'Not tested',
    probing: 'Testing…',
    passes: 'Passes',
    refused: 'Refused',
    absent: 'Not available',
    'not-set-up': 'Not set up',
  },
  milliseconds: (ms: number) => `${formatCount(ms)} ms`,
  seconds: (ms: number) => `${(ms / 1000).toFixed(1)} s`,
  fast: (device: string, time: string) => `${device} · fast ${time}`,
  inUse: { segment: 'segments', train: 'trains', both: 'in use' },
  howToAdd: 'To add it, type this in the folder of Membrana:',
  details: 'Details',
  taken: (doing: Doing, engine: string) => `${verbs[doing]} ${engine}`,
  why: {
    fastest: (doing: Doing, passing: number) =>
      doing === 'both'
        ? `the fastest of ${formatCount(passing)} engines at both`
        : `${measures[doing]} of ${formatCount(passing)} engines`,
    only: () => 'the only one that passes',
    given: () => 'as you chose',
    learned: () => 'another one failed in a job and this one went on',
    untried: () => 'the default until it is tested',
  },
  none: 'What you chose does not pass its test. Choose Automatic or another engine, or probe again.',
  noneAtAll:
    'No engine passes its test on this computer. Install a graphics driver or add TensorFlow, then probe again.',
  lessons: 'Learnt from jobs',
  refresh: 'Probe again',
  probing: (done: number, total: number) =>
    `Testing engine ${formatCount(done)} of ${formatCount(total)}…`,
  waiting: 'Waiting for the running job…',
  note: 'Times: 512 × 512 pixels forward; a training step of two 256 × 256 crops; 8 base filters. A change of engine counts from the next job.',
} as const;
