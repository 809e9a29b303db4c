import { beforeAll, expect, it } from 'vitest';
import { nodeLauncher } from '../compute/node-launcher';
import { bundleEntry } from '../compute/testing/bundle';
import type { ProcessLauncher } from '../compute/transport';
import type { EngineProvider, EngineReport } from '#contract/entities';
import type { Candidate } from './candidate';
import { probeAll } from './probe-all';

let entry: string;
beforeAll(async () => {
  entry = await bundleEntry('main/compute/testing/toy-entry.ts');
});

const never = new AbortController().signal;
const onnx = (provider: EngineProvider): Candidate => ({
  name: 'onnx',
  device: provider === 'cpu' ? 'cpu' : 'gpu',
  provider,
});
const candidates: readonly Candidate[] = [
  onnx('webgpu'),
  onnx('cuda'),
  onnx('dml'),
  onnx('coreml'),
  { name: 'tensorflow', device: 'cpu', provider: 'cpu' },
  { name: 'tensorflow', device: 'gpu', provider: 'cuda' },
  { name: 'tensorflow', device: 'gpu', provider: 'webgpu' },
  onnx('cpu'),
];

it('says of each engine whether it may be used and why not; a crash costs only the one that crashed', async () => {
  const rows: (readonly EngineReport[])[] = [];
  const reports = await probeAll({
    candidates,
    launcher: nodeLauncher(entry),
    threads: 1,
    signal: never,
    limitMs: 2000,
    onRows: (now) => rows.push(now),
  });
  const seen = reports.map(({ name, provider, verdict, available, reason }) => ({
    who: `${name} ${provider}`,
    verdict,
    available,
    reason,
  }));
  expect(seen).toEqual([
    {
      who: 'onnx webgpu',
      verdict: 'refused',
      available: true,
      reason: 'It crashed in its test, so it is kept away from your data.',
    },
    {
      who: 'onnx dml',
      verdict: 'refused',
      available: true,
      reason: 'It ran out of memory in its test.',
    },
    {
      who: 'onnx coreml',
      verdict: 'refused',
      available: false,
      reason: 'No graphics card that ONNX Runtime can compute on was found.',
    },
    {
      who: 'tensorflow cpu',
      verdict: 'refused',
      available: true,
      reason: 'It computes wrong numbers here: off by up to 0.21 where 0.002 is allowed.',
    },
    {
      who: 'tensorflow cuda',
      verdict: 'refused',
      available: true,
      reason: 'Its test was not done after 2 s: too slow here to be of use.',
    },
    {
      who: 'tensorflow webgpu',
      verdict: 'not-set-up',
      available: false,
      reason: 'TensorFlow is not set up on this computer.',
    },
    { who: 'onnx cpu', verdict: 'passes', available: true, reason: undefined },
  ]);
  expect(reports.at(-1)).toMatchObject({ forwardMs: 120, stepMs: 300, canTrain: true });
  expect(reports[0]?.detail).toContain('SIGSEGV');
  expect(reports[5]?.hint).toBe('npm run setup -- --tensorflow');
  // One at a time, and every row is there from the beginning.
  for (const now of rows)
    expect(now.filter(({ verdict }) => verdict === 'probing').length).toBeLessThanOrEqual(1);
  expect(rows[0]).toHaveLength(candidates.length);
}, 60_000);

it('probes an engine again whose process was killed from outside, three times at the most', async () => {
  const launcher = nodeLauncher(entry);
  const killing = (kills: number): ProcessLauncher => {
    let launched = 0;
    return {
      launch(environment) {
        const transport = launcher.launch(environment);
        launched += 1;
        if (launched <= kills) transport.kill();
        return transport;
      },
    };
  };
  const probed = (kills: number) =>
    probeAll({ candidates: [onnx('cpu')], launcher: killing(kills), threads: 1, signal: never });
  expect(await probed(2)).toMatchObject([{ verdict: 'passes' }]);
  expect(await probed(9)).toMatchObject([
    { verdict: 'refused', reason: 'Its test was ended from outside every time.' },
  ]);
});

it('gives way to a job and takes up the same engine again afterwards', async () => {
  const job = new AbortController();
  let asked = 0;
  const reports = await probeAll({
    candidates: [{ name: 'tensorflow', device: 'gpu', provider: 'cuda' }, onnx('cpu')],
    launcher: nodeLauncher(entry),
    threads: 1,
    signal: never,
    limitMs: 1500,
    quiet: () => {
      asked += 1;
      return Promise.resolve(asked === 1 ? job.signal : never);
    },
    onRows: (rows) => {
      if (rows[0]?.verdict === 'probing')
        setTimeout(() => {
          job.abort();
        }, 200);
    },
  });
  expect(asked).toBe(3);
  expect(reports.map(({ name }) => name)).toEqual(['tensorflow', 'onnx']);
});

it('stops when it is told to', async () => {
  const closing = new AbortController();
  const probing = probeAll({
    candidates: [{ name: 'tensorflow', device: 'gpu', provider: 'cuda' }],
    launcher: nodeLauncher(entry),
    threads: 1,
    signal: closing.signal,
    onRows: () =>
      setTimeout(() => {
        closing.abort();
      }, 100),
  });
  await expect(probing).rejects.toMatchObject({ name: 'AbortError' });
});
