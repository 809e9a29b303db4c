import { join } from 'node:path';
import { trainingRecipe } from '#model/training/defaults';
import { darknessPart } from './accuracy/darkness-part';
import { foldCount, foldOf } from './accuracy/folds';
import { forestPart, forestSettings } from './accuracy/forest-part';
import { fingerprint, keptPart } from './accuracy/kept-part';
import { readLabelledStack } from './accuracy/labelled-stack';
import { membranaPart } from './accuracy/membrana-part';
import { accuracyOptions } from './accuracy/options';
import type { Part } from './accuracy/part';
import { computeBundle, peerScript } from './accuracy/places';
import { accuracyRows, summary, type Scored } from './accuracy/rows';
import { scorePart } from './accuracy/scores';
import { torchPart, trainedNetwork } from './accuracy/torch-part';
import { peerPython } from './race/peer-python';
import { printRows } from './race/report';

/**
 * A network trained from scratch for some minutes, beside the same one in
 * PyTorch and two controls, over folds of the labelled ISBI stack. Everyone
 * is scored by `evaluate`; nobody trains while another does.
 */
const options = accuracyOptions(process.argv.slice(2));
const { threads, peers, quick, results, folds, budget } = options;
const stack = await readLabelledStack();
const python = peers ? peerPython('torch').python : null;
if (peers) peerPython('sklearn');
const depth = stack.grey.length;
const scored: Scored[][] = [];

for (let index = 0; index < Math.min(folds, foldCount(depth)); index += 1) {
  const fold = foldOf(index, depth);
  const folder = join(results, `fold-${index + 1}`);
  const { base, seed, engine } = options;
  const same = {
    budget,
    threads,
    base,
    seed,
    engine,
    fold,
    data: fingerprint([stack.image, stack.labels], ''),
  };
  const kept = (name: string, files: string[], settings: unknown, make: () => Promise<Part>) =>
    keptPart(join(folder, `${name}.json`), fingerprint(files, [same, settings]), make);

  process.stderr.write(`${fold.name} of ${folds}, kept in ${folder}\n`);
  const parts = [
    await kept('ours', [computeBundle], null, () => membranaPart(folder, fold, stack, options)),
  ];
  if (python !== null) {
    const network = trainedNetwork(folder);
    const { validateEvery } = trainingRecipe;
    // Our metrics choose its checkpoint, and both sides belong to one build.
    const files = [computeBundle, peerScript('torch_train.py'), peerScript('torch_network.py')];
    parts.push(
      await kept('torch', files, { network, validateEvery }, () =>
        torchPart(folder, fold, stack, options, { python, network }),
      ),
    );
    parts.push(
      await kept('forest', [peerScript('filter_forest.py')], forestSettings(quick), () =>
        forestPart(folder, fold, stack, options, python),
      ),
    );
  }
  parts.push(await darknessPart(folder, fold, stack));
  const sides: Scored[] = [];
  for (const part of parts)
    sides.push({
      fold: fold.name,
      part,
      scores: await scorePart(part, fold, stack, threads, budget.kind),
    });
  for (const side of sides) process.stderr.write(`${summary(side, budget.kind)}\n`);
  scored.push(sides);
}
printRows(accuracyRows(scored, threads, budget.kind));
