import type { SegmentationError } from '#contract/entities';
import type { EvaluateResult, ReadPrediction, ScoreRow } from '../../compute/requests';

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(4);

const columns: readonly (readonly [string, (row: ScoreRow) => string])[] = [
  ['p ≥', ({ threshold }) => String(threshold)],
  ['V_Rand', ({ vRand }) => number(vRand)],
  ['prec.', ({ vRandPrecision }) => number(vRandPrecision)],
  ['recall', ({ vRandRecall }) => number(vRandRecall)],
  ['V_Info', ({ vInfo }) => number(vInfo)],
  ['prec.', ({ vInfoPrecision }) => number(vInfoPrecision)],
  ['recall', ({ vInfoRecall }) => number(vInfoRecall)],
  ['Rand err.', ({ randError }) => number(randError)],
  ['pixel err.', ({ pixelError }) => number(pixelError)],
  ['Dice', ({ dice }) => number(dice)],
  ['IoU', ({ iou }) => number(iou)],
  ['accuracy', ({ accuracy }) => number(accuracy)],
];

const warping: readonly (readonly [string, (row: ScoreRow) => string])[] = [
  ['warping err.', ({ warpingError }) => number(warpingError)],
  ['merges', ({ warpingMerges }) => String(warpingMerges ?? '–')],
  ['splits', ({ warpingSplits }) => String(warpingSplits ?? '–')],
];

/** Columns as wide as their widest cell, flush right but for the first. */
function table(lines: readonly (readonly string[])[]): string {
  const width = (column: number): number =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(width(i)) : cell.padStart(width(i))))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function best(result: EvaluateResult): string {
  const { vRand, vInfo, randError, pixelError, warpingError } = result.overSweep;
  const one = (name: string, found: typeof vRand | undefined): string[] =>
    found ? [`${name} ${number(found.value)} (p ≥ ${found.threshold})`] : [];
  return [
    ...one('V_Rand', vRand),
    ...one('V_Info', vInfo),
    ...one('Rand error', randError),
    ...one('pixel error', pixelError),
    ...one('warping error', warpingError),
  ].join(', ');
}

const errorLine = (error: SegmentationError): readonly string[] => [
  error.kind,
  `slice ${error.z}`,
  `x ${error.x}`,
  `y ${error.y}`,
  `${error.size} px`,
  error.parts.join(' + '),
  `−${error.cost.vInfo.toFixed(5)} V_Info`,
  `−${error.cost.vRand.toFixed(5)} V_Rand`,
];

/** What the prediction's values were taken for. */
export function rangeText({ range, inverted, least, most, notNumbers }: ReadPrediction): string {
  const seen = `values ${least} to ${most}${notNumbers > 0 ? `, ${notNumbers} pixels without a number` : ''}`;
  return `Prediction taken as ${range.said}${inverted ? ', high meaning interior' : ''} (${seen}).`;
}

/** All scores for people: the threshold asked for, the best by V_Info, the sweep, and the errors found. */
export function scoreText(result: EvaluateResult): string {
  const { atThreshold, masked, best: bestRow, sweep, errors } = result;
  const shown = atThreshold.warpingError === undefined ? columns : [...columns, ...warping];
  const line = (name: string, row: ScoreRow): string[] => [
    name,
    ...shown.map(([, cell]) => cell(row)),
  ];
  const scores = table([
    ['', ...shown.map(([name]) => name)],
    line('threshold asked for', atThreshold),
    ...(masked ? [line('mask', masked)] : []),
    line('best V_Info', bestRow),
    ...sweep.map((row) => line('sweep', row)),
  ]);
  const told = [
    rangeText(result.prediction),
    ...result.warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n');
  const parts = [told, scores, `Best over the sweep: ${best(result)}`];
  if (errors) {
    const { merges, splits, lost, worst } = errors;
    parts.push(
      `At p ≥ ${atThreshold.threshold}: ${merges} merges, ${splits} splits, ${lost} lost cells; the most costly:`,
      table(worst.map(errorLine)),
    );
  }
  return parts.join('\n\n');
}
