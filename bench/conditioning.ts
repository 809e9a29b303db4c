import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatConditioning } from '#contract/conditioning-text';
import { sameConditioning, type Conditioning } from '#contract/entities';
import { parseSliceRange } from '#contract/slice-range';
import { chooseConditioningOf } from '#main/compute/handlers/scores/choose-conditioning';
import { loadNetwork } from '#main/compute/handlers/loaded-network';
import { measureTrustOf } from '#main/compute/handlers/scores/measure-trust';
import { openStacks } from '#main/compute/handlers/slices/slice-pixels';
import { pixelSizeOf } from '#main/models/pixel-size';
import { sourceReference } from '#main/stacks/open-stack';
import type { CallContext } from '#main/compute/request';
import { candidatesFor } from './conditioning/candidates';
import { drawStack, type DrawnStack } from './conditioning/drawn-stack';
import { looks } from './conditioning/looks';
import { scoreUnder } from './conditioning/score-under';
import { printRows, type BenchRow } from './race/report';

/**
 * What the automatic choice of a conditioning is worth: ten looks of VNC stack
 * 1, made by formula, whole slices, V_Info at the model's stored threshold
 * after the choice and after the best of all candidates. `--unlabelled STACK`
 * adds stacks without truth, whose choice and light alone are told.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    data: {
      type: 'string',
      default: process.env['MEMBRANA_DATA'] ?? join(root, '..', 'shared', 'data'),
    },
    model: { type: 'string', default: 'general' },
    image: { type: 'string' },
    labels: { type: 'string' },
    membrane: { type: 'string', default: '255' },
    unlabelled: { type: 'string', multiple: true },
    looks: { type: 'string', default: looks.map(({ name }) => name).join(',') },
    // As many as the choice looks at and as many again; drawn into a stack of their own.
    slices: { type: 'string', default: '0,3,6,9,12,15' },
    scored: { type: 'string', default: '1,3,5' },
    threads: { type: 'string', default: '2' },
    // Choices and lights alone: a few seconds a look.
    unscored: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    // There is none; every line takes the word, so that all can run at once.
    peers: { type: 'boolean', default: false },
  },
});
const threads = Number(options.threads);
const choice = { engine: 'onnx', device: 'cpu', threads } as const;
const context: CallContext<unknown> = {
  signal: new AbortController().signal,
  progress: () => undefined,
};
const folder = isAbsolute(options.model)
  ? options.model
  : join(root, 'resources', 'models', options.model);
const { file } = await loadNetwork(folder);
const rows: BenchRow[] = [];

function row(look: string, unit: string, ours: number | null, peer: number | null, how = ''): void {
  rows.push({
    line: 'conditioning',
    case: `${look}, ${unit}${how === '' ? '' : ` (${how})`}`,
    unit,
    ours,
    peer,
    peerName: peer === null ? null : 'the best candidate',
    ratio: ours === null || peer === null ? null : ours / peer,
    threads,
    samples: options.scored.split(',').length,
  });
}

/** The choice and the light for a stack; what was chosen is told on the way. */
async function judged(look: string, { path, pixelSize }: DrawnStack): Promise<Conditioning> {
  const stack = await sourceReference(path);
  const params = { stack, model: folder, pixelSize, choice };
  const found = await chooseConditioningOf(
    { ...params, proposeScale: pixelSize === null },
    context,
  );
  const asked = { ...params, conditioning: found.chosen, pictures: null };
  const trust = await measureTrustOf(asked, context);
  const scale = found.proposedScale === null ? '' : `, proposes scale ${found.proposedScale}`;
  row(look, 'seconds', found.seconds, null, `${formatConditioning(found.chosen)}${scale}`);
  row(look, 'agreement of cells', trust.agreement, null, trust.light);
  process.stderr.write(
    `${look}: ${formatConditioning(found.chosen)}${scale} in ${found.seconds.toFixed(1)} s, ${trust.light}, cells ${trust.agreement.toFixed(3)}, d ${String(trust.disagreement?.toFixed(3))}, share ${trust.share.toFixed(3)}, better ${JSON.stringify(trust.better)}\n`,
  );
  for (const { conditioning, disagreement, share } of found.tried)
    process.stderr.write(
      `  tried ${formatConditioning(conditioning)}: ${String(disagreement?.toFixed(3))}, share ${share.toFixed(3)}\n`,
    );
  return found.chosen;
}

const image = options.image ?? join(options.data, 'vnc', 'stack1-raw.tif');
const labels = options.labels ?? join(options.data, 'vnc', 'stack1-membranes.tif');
const temporary = await mkdtemp(join(tmpdir(), 'membrana-looks-'));
const slices = parseSliceRange(options.slices, 10_000);
const names = options.quick ? ['native', 'hard', 'inverted'] : options.looks.split(',');
try {
  for (const look of looks.filter(({ name }) => names.includes(name))) {
    const path = join(temporary, `${look.name}.tif`);
    const drawn = await drawStack(look, {
      ...{ image, labels, slices, path },
      membrane: Number(options.membrane),
    });
    const chosen = await judged(look.name, drawn);
    if (options.unscored) {
      await openStacks.forget(path);
      continue;
    }
    const scored = options.scored.split(',').map(Number);
    const score = (conditioning: Conditioning): Promise<number> =>
      scoreUnder(conditioning, {
        ...{ drawn, scored, folder, choice },
        threshold: file.thresholds.topology,
      });
    const auto = await score(chosen);
    let best = { conditioning: chosen, vInfo: auto };
    const tries = options.quick ? [] : candidatesFor(look.name);
    for (const conditioning of tries) {
      if (sameConditioning(conditioning, chosen)) continue;
      const vInfo = await score(conditioning);
      process.stderr.write(`  ${formatConditioning(conditioning)}: ${vInfo.toFixed(4)}\n`);
      if (vInfo > best.vInfo) best = { conditioning, vInfo };
    }
    row(
      look.name,
      'vInfo',
      auto,
      best.vInfo,
      `${formatConditioning(chosen)}; best: ${formatConditioning(best.conditioning)}`,
    );
    process.stderr.write(
      `  chosen ${auto.toFixed(4)}, best ${best.vInfo.toFixed(4)} (${formatConditioning(best.conditioning)})\n`,
    );
    await openStacks.forget(path);
  }
  for (const path of options.unlabelled ?? [join(options.data, 'vnc', 'stack2-raw.tif')]) {
    const source = await openStacks.get(await sourceReference(path), context.signal);
    const pixelSize = pixelSizeOf(source.info.voxelSize);
    await judged(path, { path, pixelSize, truth: [], width: 0, height: 0 });
    await openStacks.forget(path);
  }
} finally {
  await rm(temporary, { recursive: true, force: true });
}
printRows(rows);
