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

/** Where the scores and thresholds come from, in words. */
function howChecked({ folds }, groups) {
  return folds.length === 1
    ? 'one training with the same recipe without some of the slices, scored there at thresholds that were chosen there, which is a little kind'
    : `${folds.length} trainings with the same recipe, each without some of the slices, scored there at the thresholds that the slices held back by the others chose; both thresholds of the card come from all ${groups.length} groups of held-back slices together`;
}

/**
 * The card of a bundled model: weights and curve of the training on all
 * slices; thresholds and scores of the folds.
 */
export function bundledCard(id, recipe, trained, checked) {
  const { thresholds, mean, groups } = checked;
  const count = recipe.folds.length;
  const heldBack = groups.map((group, i) => [`heldBack${i + 1}`, line(group)]);
  return {
    ...trained,
    id,
    name: id,
    origin: 'bundled',
    thresholds,
    scores: { ...mean, threshold: thresholds.topology, pixelThreshold: thresholds.pixel },
    scoresNote: [
      `Cross-validated: ${howChecked(recipe, groups)} (mean ± deviation of ${groups.length}: ${measured(checked)}).`,
      'The weights are those of a further training on all slices, so nothing is left to score them on.',
      ...(recipe.remark === '' ? [] : [recipe.remark]),
    ].join(' '),
    training: {
      ...trained.training,
      recipe: { ...trained.training.recipe, folds: count, ...Object.fromEntries(heldBack) },
    },
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
  return `# ${id}\n\n${licence}\n\n${citation}\n\n${fullText}The images are not part of this folder. ${scoresNote}\n`;
}
