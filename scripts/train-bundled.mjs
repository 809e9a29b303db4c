/**
 * Trains the bundled model through our own command line:
 * `node scripts/train-bundled.mjs [DATA]` (after a build). DATA, MEMBRANA_DATA
 * or ../shared/data holds isbi2012/train-volume.tif and train-labels.tif.
 *
 * Two runs with the same recipe: one on slices 0–19 gives thresholds and
 * scores on slices 20–23, then one on all slices 0–23 gives the weights.
 * MEMBRANA_STEPS shortens both, for a try. With MEMBRANA_WORK the runs are kept in
 * that folder, and one that is there already is not repeated.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const data = resolve(
  process.argv[2] ?? process.env.MEMBRANA_DATA ?? join(root, '..', 'shared', 'data'),
);
const cli = process.env.MEMBRANA_CLI ?? join(root, 'dist', 'main', 'cli.js');
const steps = process.env.MEMBRANA_STEPS ?? '600';
const name = 'isbi-base8';
const target = join(root, 'resources', 'models', name);
const kept = process.env.MEMBRANA_WORK;
const work = kept ?? mkdtempSync(join(tmpdir(), 'train-bundled-'));

function train(out, slices) {
  const card = join(out, 'model.json');
  if (existsSync(card)) return JSON.parse(readFileSync(card, 'utf8'));
  const words = [
    ...['train', '--image', join(data, 'isbi2012', 'train-volume.tif')],
    ...['--labels', join(data, 'isbi2012', 'train-labels.tif'), '--membrane', '0'],
    ...['--base-filters', '8', '--steps', steps, '--seed', '0', '--out', out, ...slices, '--json'],
  ];
  const { status, stdout } = spawnSync(process.execPath, [cli, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`training ended with ${status}: ${stdout}`);
  return JSON.parse(readFileSync(card, 'utf8'));
}

const scored = train(join(work, 'scored'), ['--train', '0-19', '--validate', '20-23']);
const full = train(join(work, 'full'), ['--train', '0-23', '--validate', 'none']);

const card = {
  ...full,
  id: name,
  name,
  origin: 'bundled',
  thresholds: scored.thresholds,
  scores: scored.scores,
  scoresNote:
    'Scores and both thresholds come from a run with the same recipe and seed on slices 0-19, scored on slices 20-23. The weights are those of a second run on all slices 0-23, so nothing is left to score them on.',
  licence:
    'Weights for non-commercial use: ISBI 2012 images may be used to generate or test non-commercial segmentation software. Code: MIT.',
  citation:
    'Trained on the ISBI 2012 EM segmentation challenge data. Cardona A. et al., "An Integrated Micro- and Macroarchitectural Analysis of the Drosophila Brain by Computer-Assisted Serial Section Electron Microscopy", PLoS Biol 8(10), 2010. Arganda-Carreras I. et al., "Crowdsourcing the creation of image segmentation algorithms for connectomics", Front. Neuroanat. 9:142, 2015.',
  status: { kind: 'accepted', reason: 'Comes with Membrana.' },
};

const weights = readFileSync(join(work, 'full', 'weights.bin'));
if (createHash('sha256').update(weights).digest('hex') !== card.weights.sha256)
  throw new Error('the weights do not match their card');
if (existsSync(target)) rmSync(target, { recursive: true });
cpSync(join(work, 'full'), target, { recursive: true });
writeFileSync(join(target, 'model.json'), `${JSON.stringify(card, null, 1)}\n`);
writeFileSync(
  join(target, 'LICENSE.md'),
  `# ${name}\n\n${card.licence}\n\n${card.citation}\n\nThe images are not part of this repository. ${card.scoresNote}\n`,
);
if (kept === undefined) rmSync(work, { recursive: true });
console.log(JSON.stringify({ target, thresholds: card.thresholds, scores: card.scores }, null, 2));
