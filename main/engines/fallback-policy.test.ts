import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MembranaError, type ErrorCode, type ErrorData } from '#contract/errors';
import { candidatesOn, type Candidate } from './candidate';
import {
  failureOf,
  nextAttempt,
  whole,
  type EngineFailure,
  type FallbackPlan,
} from './fallback-policy';

const webgpu: Candidate = { name: 'onnx', device: 'gpu', provider: 'webgpu' };
const onnx: Candidate = { name: 'onnx', device: 'cpu', provider: 'cpu' };
const tensorflow: Candidate = { name: 'tensorflow', device: 'cpu', provider: 'cpu' };

function plan(work: FallbackPlan['work'], change: Partial<FallbackPlan> = {}): FallbackPlan {
  const attempt = { candidate: webgpu, portion: whole };
  return { work, attempt, fallbacks: [onnx, tensorflow], kills: 0, ...change };
}

/** Every attempt of a plan, as words. */
function descent(start: FallbackPlan, failures: readonly EngineFailure[]): string[] {
  const words = ({ attempt: { candidate, portion } }: FallbackPlan): string =>
    `${candidate.name} ${candidate.provider} ${portion.microBatch ?? '-'} ${portion.tile ?? '-'}`;
  const seen = [words(start)];
  let at = start;
  for (const failure of failures) {
    const step = nextAttempt(at, failure);
    if (step.kind === 'give-up') return [...seen, 'give up'];
    at = step.plan;
    seen.push(words(at));
  }
  return seen;
}

describe('stepping down', () => {
  it.each([
    [
      'out of memory while training',
      plan('train'),
      ['memory', 'memory', 'memory', 'memory', 'memory', 'memory'],
      [
        'onnx webgpu - -',
        'onnx webgpu 1 -',
        'onnx cpu - -',
        'onnx cpu 1 -',
        'tensorflow cpu - -',
        'tensorflow cpu 1 -',
        'give up',
      ],
    ],
    [
      'crashes while segmenting',
      plan('segment', { fallbacks: [onnx] }),
      ['crashed', 'crashed', 'crashed', 'crashed', 'crashed', 'crashed'],
      [
        'onnx webgpu - -',
        'onnx webgpu - 448',
        'onnx webgpu - 336',
        'onnx cpu - -',
        'onnx cpu - 448',
        'onnx cpu - 336',
        'give up',
      ],
    ],
    [
      'an engine that can not be used',
      plan('train'),
      ['unusable', 'unusable', 'unusable'],
      ['onnx webgpu - -', 'onnx cpu - -', 'tensorflow cpu - -', 'give up'],
    ],
    [
      'a kill from outside: as it was, until it is plain that the job is not wanted',
      plan('segment'),
      ['killed', 'killed', 'killed', 'killed', 'killed', 'killed', 'killed', 'killed'],
      [...Array.from({ length: 8 }, () => 'onnx webgpu - -'), 'give up'],
    ],
    [
      'a kill while memory ran out: once more as it was, then less',
      plan('segment'),
      ['starved', 'starved', 'starved', 'starved'],
      [
        'onnx webgpu - -',
        'onnx webgpu - -',
        'onnx webgpu - 448',
        'onnx webgpu - 448',
        'onnx webgpu - 336',
      ],
    ],
    [
      'an engine that was asked for and is the only one',
      plan('train', { fallbacks: [] }),
      ['crashed', 'crashed'],
      ['onnx webgpu - -', 'onnx webgpu 1 -', 'give up'],
    ],
  ] as const)('%s', (_, start, failures, attempts) => {
    expect(descent(start, failures)).toEqual(attempts);
  });

  it('says what happened and how it goes on', () => {
    const remarks = (['memory', 'killed', 'unusable'] as const).map((failure) => {
      const step = nextAttempt(plan('train'), failure);
      return step.kind === 'go-on' ? step.remark : '';
    });
    expect(remarks).toEqual([
      'ONNX Runtime · GPU (WebGPU) ran out of memory; went on with one crop at a time.',
      'ONNX Runtime · GPU (WebGPU) was ended from outside; started again.',
      'ONNX Runtime · GPU (WebGPU) could not go on; went on with ONNX Runtime · CPU.',
    ]);
  });

  it('ends, whatever fails and in whatever order', () => {
    const failure = fc.constantFrom<EngineFailure>(
      'memory',
      'crashed',
      'killed',
      'starved',
      'unusable',
    );
    const work = fc.constantFrom<FallbackPlan['work']>('train', 'segment');
    fc.assert(
      fc.property(work, fc.array(failure, { minLength: 60, maxLength: 60 }), (kind, failures) => {
        const start = plan(kind, { fallbacks: candidatesOn('linux') });
        expect(descent(start, failures).at(-1)).toBe('give up');
      }),
      { seed: 2026 },
    );
  });
});

describe('whose failure it is', () => {
  const error = (code: ErrorCode, data: ErrorData = {}): MembranaError =>
    new MembranaError(code, 'x', { hint: 'x', data });

  it.each([
    ['no memory', error('engine.out-of-memory'), 'memory'],
    ["the allocator's exit", error('compute.crashed', { exitCode: 5, signal: null }), 'memory'],
    ['a segfault', error('compute.crashed', { exitCode: null, signal: 'SIGSEGV' }), 'crashed'],
    ['an exit code', error('compute.crashed', { exitCode: 70, signal: null }), 'crashed'],
    ['a kill', error('compute.crashed', { exitCode: null, signal: 'SIGKILL' }), 'killed'],
    ['three crashes in a row', error('compute.crashed', { waitMs: 1000 }), 'unusable'],
    ['silence', error('compute.timeout'), 'unusable'],
    ['an engine that is gone', error('engine.unavailable'), 'unusable'],
    ['an engine that gave up', error('engine.failed'), 'unusable'],
    ['a bad page', error('stack.page-unreadable'), null],
    ['no labels', error('labels.none'), null],
    ['a training that ran away', error('training.diverged'), null],
    ['a cancel', error('job.cancelled'), null],
    ['a bug', new Error('x'), null],
  ] as const)('%s', (_, failed, kind) => {
    expect(failureOf(failed)).toBe(kind);
  });

  it('a kill while memory ran out', () => {
    const killed = error('compute.crashed', { exitCode: null, signal: 'SIGKILL' });
    expect(failureOf(killed, true)).toBe('starved');
  });
});
