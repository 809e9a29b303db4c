/**
 * Rebuilds bundled models through our own command line (after a build):
 *
 *   node scripts/train-bundled.mjs [MODEL…] [--data FOLDER] [--work FOLDER] [--out FOLDER] [--engine E]
 *
 * For every model: one training a fold, whose held-back slices are segmented;
 * both thresholds and the scores from those maps together; then one training
 * on all slices, which gives the weights. FOLDER of --data (or MEMBRANA_DATA,
 * or ../shared/data) holds isbi2012/ and vnc/; --out is resources/models. What
 * is done lies in the work folder (.cache/bundled) and is not repeated; a
 * training that was stopped goes on from its checkpoint. MEMBRANA_STEPS
 * shortens every training, for a try.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundledCard, licenceText } from './models/card.mjs';
import { recipes } from './models/recipes.mjs';
import { root } from './setup/paths.mjs';

const { values, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    work: { type: 'string' },
    out: { type: 'string' },
    engine: { type: 'string', default: 'auto' },
  },
  allowPositionals: true,
});
const data = resolve(
  values.data ?? process.env.MEMBRANA_DATA ?? join(root, '..', 'shared', 'data'),
);
const work = resolve(values.work ?? join(root, '.cache', 'bundled'));
const out = resolve(values.out ?? join(root, 'resources', 'models'));
const cli = process.env.MEMBRANA_CLI ?? join(root, 'dist', 'main', 'cli.js');
const wanted = positionals.length > 0 ? positionals : Object.keys(recipes);

/** Runs our command line and gives back its document. */
function membrana(words) {
  const { status, stdout } = spawnSync(process.execPath, [cli, ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${words[0]} ended with ${status}: ${stdout}`);
  return JSON.parse(stdout);
}

const say = (text) => process.stderr.write(`${text}\n`);

/** Slices "0-7,9" as numbers. */
const slicesOf = (range) =>
  range.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

const without = (range, held) =>
  slicesOf(range)
    .filter((z) => !slicesOf(held).includes(z))
    .join(',');

/** Where a stage of a training lies: the last one is the model itself. */
const stageFolder = (model, { stages }, index) =>
  index === stages.length - 1 ? model : `${model}-stage-${index + 1}`;

/** Trains on all slices of the sources but those that are held back, stage by stage; the stages' cards. */
function train(model, recipe, held) {
  return recipe.stages.map((stage, index) => {
    const folder = stageFolder(model, recipe, index);
    const from = index === 0 ? [] : ['--from', stageFolder(model, recipe, index - 1)];
    if (!existsSync(join(folder, 'model.json'))) trainStage(folder, recipe, stage, held, from);
    return JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  });
}

function trainStage(folder, { sources, baseFilters, seed }, { steps, shares }, held, from) {
  const stacks = sources.flatMap(({ name, image, labels, membrane, slices }) => [
    ...['--image', join(data, image), '--labels', join(data, labels)],
    ...['--membrane', String(membrane), '--validate', 'none'],
    ...['--share', String(shares?.[name] ?? 1)],
    ...['--train', held[name] === undefined ? slices : without(slices, held[name])],
  ]);
  const length = process.env.MEMBRANA_STEPS ?? String(steps);
  membrana([
    ...['train', ...stacks, '--base-filters', String(baseFilters), '--steps', length, ...from],
    ...['--seed', String(seed), '--out', folder, '--engine', values.engine],
    ...(existsSync(`${folder}.checkpoint`) ? ['--resume'] : []),
  ]);
}

/** Membrane probability of the held-back slices of a source. */
function segment(model, { image }, slices, map) {
  if (existsSync(map)) return;
  const unfinished = `${map}.unfinished.tif`;
  membrana([
    ...[
      'segment',
      join(data, image),
      '--model',
      model,
      '--slices',
      slices,
      '--conditioning',
      'none',
    ],
    ...['--out', unfinished, '--quiet'],
  ]);
  renameSync(unfinished, map);
}

/** The folds' trainings and maps; thresholds and scores from all of them together. */
function crossValidate(folder, recipe) {
  const groups = [];
  for (const [i, held] of recipe.folds.entries()) {
    const fold = join(folder, `fold-${i + 1}`);
    say(`Fold ${i + 1} of ${recipe.folds.length}: without ${JSON.stringify(held)}`);
    train(fold, recipe, held);
    for (const source of recipe.sources) {
      const slices = held[source.name];
      const map = join(folder, `fold-${i + 1}-${source.name}.tif`);
      segment(fold, source, slices, map);
      groups.push(
        ...['--prediction', map, '--truth', join(data, source.labels)],
        ...['--membrane', String(source.membrane), '--slices', slices, '--fold', String(i + 1)],
      );
    }
  }
  const file = join(folder, 'thresholds.json');
  if (!existsSync(file)) {
    say('Choosing thresholds');
    writeFileSync(file, JSON.stringify(membrana(['thresholds', ...groups, '--quiet'])));
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

function rebuild(id, recipe) {
  const folder = join(work, id);
  mkdirSync(folder, { recursive: true });
  const checked = crossValidate(folder, recipe);
  const full = join(folder, 'all');
  say('Training on all slices');
  const stages = train(full, recipe, {});
  const weights = readFileSync(join(full, 'weights.bin'));
  if (createHash('sha256').update(weights).digest('hex') !== stages.at(-1).weights.sha256)
    throw new Error('the weights do not match their card');
  const card = bundledCard(id, recipe, stages, checked);
  const target = join(out, id);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'weights.bin'), weights);
  writeFileSync(join(target, 'model.json'), `${JSON.stringify(card, null, 1)}\n`);
  writeFileSync(join(target, 'LICENSE.md'), licenceText(card));
  return { model: id, thresholds: card.thresholds, scores: card.scores, note: card.scoresNote };
}

for (const id of wanted) {
  const recipe = recipes[id];
  if (recipe === undefined)
    throw new Error(`There is no recipe "${id}"; there are ${Object.keys(recipes).join(', ')}.`);
  const steps = recipe.stages.map((stage) => stage.steps).join(' + ');
  say(`${id}: ${recipe.folds.length + 1} trainings of ${steps} steps, base ${recipe.baseFilters}`);
  console.log(JSON.stringify(rebuild(id, recipe), null, 2));
}
