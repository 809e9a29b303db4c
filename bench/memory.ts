import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { selectEngine } from '#model/engines/select';
import { runOwnSide } from './memory/own-side';
import { MemorySample, rssSlope, settled, settledAfter, type Phase } from './memory/samples';
import { benchNetwork } from './race/network-race';
import { peerPython } from './race/peer-python';
import { printRows, type BenchRow } from './race/report';

/** Memory of a training of 500 steps and of 200 predictions, one process after the other. */
const { values } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
    base: { type: 'string', default: '8' },
    engine: { type: 'string', default: 'auto' },
    side: { type: 'boolean', default: false },
  },
});
const { threads, base, engine } = z
  .object({
    threads: z.coerce.number().int().positive(),
    base: z.coerce.number().int().min(4).max(64),
    engine: z.enum(['auto', 'tensorflow', 'onnx']),
  })
  .parse(values);
const counts = values.quick ? { steps: 80, predictions: 80 } : { steps: 500, predictions: 200 };

async function samplesOf(name: string, child: ChildProcess): Promise<MemorySample[]> {
  if (child.stdout === null) throw new Error(`${name} has no pipe`);
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const samples: MemorySample[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const sample = MemorySample.parse(JSON.parse(line));
    samples.push(sample);
    const mebibytes = (sample.rssKiB / 1024).toFixed(0);
    process.stderr.write(`${name}: ${sample.phase} ${sample.done}, ${mebibytes} MiB\n`);
  }
  const code = await closed;
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
  return samples;
}

function ownSamples(): Promise<MemorySample[]> {
  const words = ['--expose-gc', process.argv[1] ?? '', '--side', ...process.argv.slice(2)];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  return samplesOf('ours', child);
}

async function peerSamples(python: string): Promise<MemorySample[]> {
  const folder = mkdtempSync(join(tmpdir(), 'membrana-bench-'));
  try {
    const description = join(folder, 'network.json');
    writeFileSync(description, JSON.stringify(benchNetwork(base)));
    const script = join(import.meta.dirname, '..', '..', 'bench', 'peers', 'torch_memory.py');
    const words = [script, description, counts.steps, counts.predictions, threads].map(String);
    const child = spawn(python, words, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: String(threads), PYTHONDONTWRITEBYTECODE: '1' },
    });
    return await samplesOf('PyTorch', child);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(
  phase: Phase,
  ours: readonly MemorySample[],
  peer: readonly MemorySample[],
  peerName: string | null,
): BenchRow[] {
  const own = settled(ours, phase);
  const other = settled(peer, phase);
  const growth = (pick: (sample: MemorySample) => number | null): number | null => {
    const first = own[0];
    const last = own.at(-1);
    return first && last ? (pick(last) ?? 0) - (pick(first) ?? 0) : null;
  };
  const mebibytes = (samples: readonly MemorySample[]): number | null =>
    samples.length === 0 ? null : (samples.at(-1)?.rssKiB ?? 0) / 1024;
  const held = { ours: mebibytes(own), peer: mebibytes(other) };
  const alone = { peer: null, peerName: null, ratio: null };
  const row = { line: 'memory', threads, samples: own.length };
  const since = `since step ${settledAfter}`;
  return [
    {
      ...{ ...row, case: `${phase}: slope of RSS ${since}`, unit: 'KiB a step' },
      ...{ ours: rssSlope(own), peer: rssSlope(other), peerName, ratio: null },
    },
    {
      ...{ ...row, case: `${phase}: RSS at the end`, unit: 'MiB', ...held, peerName },
      ratio: held.ours === null || held.peer === null ? null : held.peer / held.ours,
    },
    {
      ...{ ...row, case: `${phase}: tensors more than at step ${settledAfter}`, unit: 'tensors' },
      ...{ ours: growth(({ tensors }) => tensors), ...alone },
    },
    {
      ...{ ...row, case: `${phase}: graphs more than at step ${settledAfter}`, unit: 'graphs' },
      ...{ ours: growth(({ graphs }) => graphs), ...alone },
    },
  ];
}

async function compare(): Promise<BenchRow[]> {
  const installed = values.peers ? peerPython() : null;
  const ours = await ownSamples();
  const peer = installed === null ? [] : await peerSamples(installed.python);
  const peerName = installed === null ? null : `PyTorch ${installed.version}`;
  return [
    ...rowsOf('training', ours, peer, peerName),
    ...rowsOf('prediction', ours, peer, peerName),
  ];
}

if (values.side)
  await runOwnSide(await selectEngine({ engine, device: 'cpu', threads }), { base, ...counts });
else printRows(await compare());
