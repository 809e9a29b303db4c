import { describe, expect, it } from 'vitest';
import type { EngineReport } from '#contract/entities';
import {
  candidatesOn,
  candidateTitle,
  untried,
  type Candidate,
  type EngineWish,
} from './candidate';
import { chooseEngine, fallbacks } from './choose-engine';

const auto: EngineWish = { engine: 'auto', device: 'auto', provider: 'auto' };

function passing(
  name: Candidate['name'],
  provider: Candidate['provider'],
  forwardMs: number,
  stepMs: number,
): EngineReport {
  return {
    name,
    provider,
    device: provider === 'cpu' ? 'cpu' : 'gpu',
    verdict: 'passes',
    available: true,
    canTrain: true,
    probe: { ok: true, maxError: 1e-6 },
    forwardMs,
    stepMs,
    fastMs: null,
  };
}

const refused = (report: EngineReport): EngineReport => ({
  ...report,
  verdict: 'refused',
  reason: 'It computes wrong numbers here.',
});

const onnxCpu = passing('onnx', 'cpu', 100, 300);
const webgpu = passing('onnx', 'webgpu', 20, 900);
const tensorflowCpu = passing('tensorflow', 'cpu', 160, 250);
const cuda = passing('tensorflow', 'cuda', 8, 30);
const fresh = candidatesOn('linux').map((candidate) => untried(candidate, 'untried'));

describe('what is there to choose from', () => {
  it('is ONNX Runtime on the CPU first, on every system', () => {
    for (const system of ['linux', 'win32', 'darwin', 'freebsd'] as const) {
      const [first, ...others] = candidatesOn(system);
      expect(first).toEqual({ name: 'onnx', device: 'cpu', provider: 'cpu' });
      expect(others.some(({ name }) => name === 'tensorflow')).toBe(true);
    }
  });

  it('has a title that tells every two apart', () => {
    for (const system of ['linux', 'win32', 'darwin'] as const) {
      const titles = candidatesOn(system).map(candidateTitle);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });
});

describe('the choice', () => {
  it.each([
    ['a fresh machine', auto, fresh, 'segment', 'ONNX Runtime · CPU', 'untried'],
    ['a fresh machine', auto, fresh, 'train', 'ONNX Runtime · CPU', 'untried'],
    [
      'a fresh machine asked for TensorFlow',
      { ...auto, engine: 'tensorflow' },
      fresh,
      'train',
      'TensorFlow · CPU',
      'untried',
    ],
    [
      'the fastest in 8 bits where that was asked for',
      { ...auto, segmentation: 'fast' },
      [tensorflowCpu, { ...onnxCpu, forwardMs: 200, fastMs: 90 }],
      'segment',
      'ONNX Runtime · CPU',
      'fastest',
    ],
    [
      'no 8 bits that are slower than floats',
      { ...auto, segmentation: 'fast' },
      [tensorflowCpu, { ...onnxCpu, forwardMs: 170, fastMs: 180 }],
      'segment',
      'TensorFlow · CPU',
      'fastest',
    ],
    [
      'no 8 bits for a training',
      { ...auto, segmentation: 'fast' },
      [tensorflowCpu, { ...onnxCpu, fastMs: 1 }],
      'train',
      'TensorFlow · CPU',
      'fastest',
    ],
    [
      'the fastest forward pass',
      auto,
      [onnxCpu, webgpu, tensorflowCpu],
      'segment',
      'ONNX Runtime · GPU (WebGPU)',
      'fastest',
    ],
    [
      'the fastest training step',
      auto,
      [onnxCpu, webgpu, tensorflowCpu],
      'train',
      'TensorFlow · CPU',
      'fastest',
    ],
    [
      'not the one that computes wrongly',
      auto,
      [onnxCpu, tensorflowCpu, refused(cuda)],
      'train',
      'TensorFlow · CPU',
      'fastest',
    ],
    [
      'not the one that cannot train',
      auto,
      [onnxCpu, { ...cuda, canTrain: false }],
      'train',
      'ONNX Runtime · CPU',
      'only',
    ],
    [
      'the only one that passes',
      auto,
      [refused(onnxCpu), tensorflowCpu],
      'segment',
      'TensorFlow · CPU',
      'only',
    ],
    [
      'the engine asked for, not a faster one',
      { ...auto, engine: 'onnx', device: 'cpu' },
      [onnxCpu, webgpu, cuda],
      'train',
      'ONNX Runtime · CPU',
      'given',
    ],
    [
      'the device asked for',
      { ...auto, device: 'gpu' },
      [onnxCpu, webgpu, cuda],
      'segment',
      'TensorFlow · NVIDIA GPU',
      'fastest',
    ],
    [
      'the provider asked for',
      { engine: 'onnx', device: 'gpu', provider: 'webgpu' },
      [onnxCpu, webgpu, passing('onnx', 'cuda', 5, 20)],
      'segment',
      'ONNX Runtime · GPU (WebGPU)',
      'given',
    ],
    [
      'while the probe is under way what has passed so far',
      auto,
      [untried(onnxCpu, 'probing'), tensorflowCpu],
      'segment',
      'TensorFlow · CPU',
      'only',
    ],
    [
      'while the probe is under way and nothing has passed what is not refused',
      auto,
      [refused(onnxCpu), untried(webgpu, 'probing'), untried(tensorflowCpu, 'untried')],
      'segment',
      'ONNX Runtime · GPU (WebGPU)',
      'untried',
    ],
    [
      'of two that are equal the first',
      auto,
      [onnxCpu, { ...tensorflowCpu, forwardMs: 100 }],
      'segment',
      'ONNX Runtime · CPU',
      'fastest',
    ],
  ] as const)('takes %s', (_, wish, reports, work, title, why) => {
    const pick = chooseEngine(wish, work, reports);
    expect(pick && { title: candidateTitle(pick), why: pick.why }).toEqual({ title, why });
  });

  it.each([
    ['nothing passes', auto, [refused(onnxCpu), refused(tensorflowCpu)]],
    ['what was asked for was refused', { ...auto, engine: 'tensorflow' }, [onnxCpu, refused(cuda)]],
    ['there is no such device', { ...auto, device: 'gpu' }, [onnxCpu, tensorflowCpu]],
  ] as const)('is nothing where %s', (_, wish, reports) => {
    // A probe was made here: the default must not come back in by the back door.
    expect(chooseEngine(wish, 'segment', reports)).toBeNull();
    expect(chooseEngine(wish, 'train', reports)).toBeNull();
  });
});

describe('the way down', () => {
  it('leads over what else passes, fastest first', () => {
    const reports = [onnxCpu, webgpu, tensorflowCpu, refused(cuda)];
    expect(fallbacks(webgpu, auto, 'segment', reports).map(candidateTitle)).toEqual([
      'ONNX Runtime · CPU',
      'TensorFlow · CPU',
    ]);
  });

  it('leads to the other CPU engine where nothing is probed', () => {
    const [onnx] = candidatesOn('linux');
    expect(onnx && fallbacks(onnx, auto, 'train', fresh).map(candidateTitle)).toEqual([
      'TensorFlow · CPU',
    ]);
  });

  it('never leaves what was asked for', () => {
    const wish: EngineWish = { ...auto, engine: 'onnx' };
    const reports = [onnxCpu, webgpu, tensorflowCpu];
    expect(fallbacks(webgpu, wish, 'segment', reports).map(candidateTitle)).toEqual([
      'ONNX Runtime · CPU',
    ]);
  });
});
