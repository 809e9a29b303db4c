/** "V_Info 0.9750 ± 0.0040": mean and standard deviation over the groups. */
const measured = ({ mean, deviation }) =>
  [
    ['V_Info', 'vInfo'],
    ['V_Rand', 'vRand'],
    ['Dice', 'dice'],
    ['accuracy', 'accuracy'],
  ]
    .map(([name, key]) => `${name} ${mean[key].toFixed(4)} ± ${deviation[key].toFixed(4)}`)
    .join(', ');

/** The scores of one held-back group, for the card's record. */
const line = ({ truth, slices, scores }) =>
  `${slices} of ${truth}: V_Info ${scores.vInfo.toFixed(4)}, V_Rand ${scores.vRand.toFixed(4)} at ${scores.threshold}; Dice ${scores.dice.toFixed(4)}, accuracy ${scores.accuracy.toFixed(4)} at ${scores.pixelThreshold}`;

/** The record of all stages as one training. */
function wholeTraining(stages, more) {
  const trainings = stages.map(({ training }) => training);
  const last = trainings.at(-1);
  const total = (pick) => trainings.reduce((sum, training) => sum + pick(training), 0);
  let before = 0;
  const curve = trainings.flatMap((training) => {
    const shifted = training.curve.map((point) => ({ ...point, step: point.step + before }));
    before += training.steps;
    return shifted;
  });
  const plans = trainings.map(({ steps, recipe }, i) => [
    `stage${i + 1}`,
    `${steps} steps, crops ${recipe.plan}`,
  ]);
  return {
    ...last,
    steps: total(({ steps }) => steps),
    seconds: total(({ seconds }) => seconds),
    summary: last.summary.replace(/^\d+/, String(total(({ steps }) => steps))),
    recipe: {
      ...last.recipe,
      ...(trainings.length > 1 ? Object.fromEntries(plans) : {}),
      ...more,
    },
    curve,
  };
}

/** Where the scores and thresholds come from, in words. */
function howChecked({ folds }, groups) {
  return folds.length === 1
    ? 'one training with the same recipe without some of the slices, scored there at thresholds that were chosen there, which is a little kind'
    : `${folds.length} trainings with the same recipe, each without some of the slices, scored there at the thresholds that the slices held back by the others chose; both thresholds of the card come from all ${groups.length} groups of held-back slices together`;
}

/**
 * The card of a bundled model: weights and curve of the training on all
 * slices, stage by stage; thresholds and scores of the folds.
 */
export function bundledCard(id, recipe, stages, checked) {
  const { thresholds, mean, groups } = checked;
  const count = recipe.folds.length;
  const heldBack = groups.map((group, i) => [`heldBack${i + 1}`, line(group)]);
  const trained = stages.at(-1);
  return {
    ...trained,
    id,
    name: id,
    origin: 'bundled',
    parent: null,
    thresholds,
    scores: { ...mean, threshold: thresholds.topology, pixelThreshold: thresholds.pixel },
    scoresNote: [
      `Cross-validated: ${howChecked(recipe, groups)} (mean ± deviation of ${groups.length}: ${measured(checked)}).`,
      'The weights are those of a further training on all slices, so nothing is left to score them on.',
      ...(recipe.remark === '' ? [] : [recipe.remark]),
    ].join(' '),
    training: wholeTraining(stages, { folds: count, ...Object.fromEntries(heldBack) }),
    ...recipe.terms,
    status: { kind: 'accepted', reason: 'Comes with Membrana.' },
  };
}

/** What LICENSE.md beside the weights says. */
export function licenceText({ id, licence, citation, scoresNote }) {
  const fullText =
    id === 'general'
      ? 'The full text of CC BY-NC-SA 3.0 is in `resources/replay/LICENSE`. Share what you make from these weights under the same licence.\n\n'
      : '';
  return `# ${id}\n\n${licence}\n\n${citation}\n\n${fullText}The images are not part of this folder. ${scoresNote.replaceAll(/[⟨⟩]/g, '')}\n`;
}
