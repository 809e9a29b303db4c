import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { users, type User } from '#main/cli/simulate/user';
import { correctionGate } from '#main/models/correction-gate';
import { growHead } from '#model/network/grow-head';
import { parseNetwork } from '#model/network/parse-network';
import { selectEngine } from '#model/engines/select';
import { correct, makeControl, makeRound, type Bench } from './correction/arms';
import { Results, type ArmKey, type ResultRow } from './correction/results';
import { rounds, settings } from './correction/settings';
import { ownTruthOf, replayFor, stackOf, truthOf } from './correction/stacks';
import { scoresOf, startVersion, type Version } from './correction/version';
import { printRows, type BenchRow } from './race/report';

/**
 * Does a round of corrections pay? A simulated user corrects slices 0–11 of a
 * look of VNC stack 1 or of the ISBI stack in five rounds; after each the version is scored on
 * whole slices that nobody touched, at the stored thresholds, whether the gate
 * takes it or not. Controls: the same steps on replay alone, and on the dense
 * truth of all corrected slices. Adversarial users make one round.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    data: {
      type: 'string',
      default: process.env['MEMBRANA_DATA'] ?? join(root, '..', 'shared', 'data'),
    },
    results: { type: 'string', default: join(root, '.cache', 'bench', 'correction') },
    model: { type: 'string', default: 'isbi-base8' },
    settings: { type: 'string', default: settings.map(({ name }) => name).join(',') },
    arms: { type: 'string', default: 'rounds,replay,truth' },
    seeds: { type: 'string', default: '0' },
    rounds: { type: 'string', default: String(rounds.length) },
    strokes: { type: 'string', default: '15' },
    steps: { type: 'string', default: '120' },
    // The mask whose mistakes the user mends: 'pixel', at the pixel threshold, or 'shown', as in the window.
    mask: { type: 'string', default: 'pixel' },
    threads: { type: 'string', default: process.env['MEMBRANA_THREADS'] ?? '2' },
    quick: { type: 'boolean', default: false },
    // There is none; every line takes the word, so that all can run at once.
    peers: { type: 'boolean', default: false },
  },
});
const threads = Number(options.threads);
const steps = options.quick ? 2 : Number(options.steps);
const most = options.quick ? 1 : Number(options.rounds);
const strokes = Number(options.strokes);
const mask = options.mask === 'shown' ? 'shown' : 'pixel';
const results = new Results(options.quick ? `${options.results}-quick` : options.results);
const engine = await selectEngine({ engine: 'auto', device: 'cpu', threads });
const start = await startVersion(join(root, 'resources', 'models', options.model));

const none = {
  verdict: null,
  reason: '',
  comparison: null,
  classes: [],
  strokes: 0,
  paintedPixels: 0,
  mistakes: 0,
};
const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function say(row: ResultRow): void {
  results.add(row);
  const { vInfo, vRand, dice, steady, ownClass } = row.scores;
  const own =
    ownClass === null
      ? ''
      : ` own class Dice ${ownClass.dice.toFixed(4)} at ${ownClass.threshold.toFixed(2)} (best ${ownClass.best.dice.toFixed(4)} at ${ownClass.best.threshold.toFixed(2)});`;
  const held = row.comparison?.obedience?.held;
  const trained = row.comparison?.obedience?.trained;
  const right = (share: number | undefined): string =>
    share === undefined ? '–' : (1 - share).toFixed(2);
  process.stderr.write(
    `${row.setting} ${row.arm} seed ${String(row.seed)} round ${String(row.round)}: V_Info ${vInfo.toFixed(4)}, V_Rand ${vRand.toFixed(4)}, Dice ${dice.toFixed(4)}, ${steady.light} ${steady.vInfo.toFixed(4)} at ${steady.threshold.toFixed(2)};${own} ${row.verdict ?? ''} obeys ${right(trained?.before.all)} → ${right(trained?.after.all)} [${right(held?.before.all)} → ${right(held?.after.all)}], ${String(row.mistakes)} mistakes, ${row.cpuSeconds.toFixed(0)} s\n`,
  );
}

const bytesOf = (weights: Float32Array): Uint8Array =>
  new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);

/** Rounds of one user; goes on behind the last that is kept. */
async function runRounds(bench: Bench, key: ArmKey, user: User, count: number): Promise<void> {
  const done = results.rowsOf(key);
  if (done.length === 0) await scoreStart(bench, key);
  let version: Version = start;
  const labels = new Map<number, Uint8Array<ArrayBuffer>>();
  const learnt = new Set<number>();
  const judged = new Set<number>();
  for (let round = 1; round <= count; round += 1) {
    const fresh = rounds[round - 1] ?? [];
    const kept = done.find((row) => row.round === round);
    if (kept !== undefined) {
      for (const z of fresh) labels.set(z, results.kept(key, `labels-${String(z)}`));
      if (kept.verdict !== 'accepted') continue;
      const weights = new Float32Array(results.kept(key, `weights-${String(round)}`).buffer);
      const { network } = growHead(start.network, start.weights, kept.classes.length, 0);
      version = { network, weights, file: { ...version.file, classes: kept.classes } };
      learnFrom(kept);
      continue;
    }
    const made = await correct(bench, version, fresh, user, strokes);
    for (const [z, own] of made.labels) {
      labels.set(z, own);
      results.keep(key, `labels-${String(z)}`, own);
    }
    const recent = new Set([...labels.keys()].filter((z) => !learnt.has(z)));
    const began = processorSeconds();
    const result = await makeRound(
      { ...bench, seed: bench.seed + round },
      start,
      version,
      labels,
      recent,
      judged,
    );
    const cpuSeconds = processorSeconds() - began;
    const { comparison } = result;
    if (comparison === null) throw new Error('a round compares both versions');
    const { kind, reason } = correctionGate(comparison);
    const tried: Version = {
      network: parseNetwork(result.network),
      weights: result.weights,
      file: { ...version.file, classes: result.classes },
    };
    const scores = await scoresOf(
      bench.stack,
      bench.setting,
      bench.truth,
      engine,
      tried,
      bench.ownTruth,
    );
    results.keep(key, `weights-${String(round)}`, bytesOf(result.weights));
    const { strokes: drawn, paintedPixels, mistakes } = made;
    const row = {
      ...key,
      round,
      scores,
      verdict: kind,
      reason,
      comparison,
      classes: result.classes,
      strokes: drawn,
      paintedPixels,
      mistakes,
      cpuSeconds,
    };
    say(row);
    if (kind !== 'accepted') continue;
    version = tried;
    learnFrom(row);
  }

  /** Whole slices that were held back are not learnt yet. */
  function learnFrom({ comparison }: Pick<ResultRow, 'comparison'>): void {
    const held =
      comparison?.obedience?.held ?? comparison?.classes?.find((one) => one.held !== null)?.held;
    const whole = held?.whole === true ? held.slices : [];
    for (const z of labels.keys()) if (!whole.includes(z)) learnt.add(z);
    for (const z of whole) judged.add(z);
  }
}

async function scoreStart(bench: Bench, key: ArmKey): Promise<void> {
  const known = results.rows().find(({ setting, round }) => setting === key.setting && round === 0);
  const scores =
    known?.scores ??
    (await scoresOf(bench.stack, bench.setting, bench.truth, engine, start, bench.ownTruth));
  say({ ...key, ...none, round: 0, scores, cpuSeconds: 0 });
}

async function runControl(bench: Bench, key: ArmKey, truths: readonly number[]): Promise<void> {
  if (results.rowsOf(key).length > 0) return;
  const began = processorSeconds();
  const version = await makeControl(bench, start, truths);
  const cpuSeconds = processorSeconds() - began;
  const scores = await scoresOf(
    bench.stack,
    bench.setting,
    bench.truth,
    engine,
    version,
    bench.ownTruth,
  );
  say({ ...key, ...none, round: 1, scores, cpuSeconds });
}

async function runArm(bench: Bench, key: ArmKey): Promise<void> {
  const { arm } = key;
  const user = users.find((one) => arm === `once:${one}`);
  if (arm === 'rounds') await runRounds(bench, key, 'honest', most);
  else if (arm === 'replay') await runControl(bench, key, []);
  else if (arm === 'truth') await runControl(bench, key, rounds.flat());
  else if (user !== undefined) await runRounds(bench, key, user, 1);
  else throw new Error(`There is no arm "${arm}"; name rounds, replay, truth or once:USER.`);
}

for (const seed of options.seeds.split(',').map(Number))
  for (const name of options.settings.split(','))
    for (const arm of options.arms.split(',')) {
      const setting = settings.find((one) => one.name === name);
      if (setting === undefined) throw new Error(`There is no setting "${name}".`);
      const stack = await stackOf(setting, options.data, join(options.results, 'stacks'));
      const truth = await truthOf(setting.tissue, options.data);
      const ownTruth = await ownTruthOf(setting, options.data);
      const replay = await replayFor(setting.tissue, options.data);
      await runArm(
        { stack, setting, truth, ownTruth, replay, engine, threads, steps, seed, mask },
        { setting: name, arm, seed },
      );
    }

const rows = results.rows().flatMap((row): BenchRow[] =>
  (['vInfo', 'dice'] as const).map((unit) => ({
    line: 'correction',
    case: `${row.setting}, ${row.arm}, seed ${String(row.seed)}, round ${String(row.round)}${row.verdict === null ? '' : `, ${row.verdict}`}`,
    unit,
    ours: row.scores[unit],
    peer: null,
    peerName: null,
    ratio: null,
    threads,
    samples: 4,
  })),
);
printRows(rows);
