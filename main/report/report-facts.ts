import {
  noConditioning,
  sameConditioning,
  type AccuracyReport,
  type AuditedState,
  type AuditResult,
  type Effort,
  type MaskThresholds,
  type ModelVersion,
} from '#contract/entities';
import { formatConditioning } from '#contract/conditioning-text';
import { classThresholdFor } from '#contract/mask/class-mask';
import { sliceMark, writeSlices } from '#contract/slice-marks';
import type { ModelId } from '#contract/ids';
import type { Project } from '../project/project';
import { auditResult } from '../audit/audit-result';
import { auditSentence } from '../audit/audit-sentence';

/** A line of the report: what, and its value. */
export interface Fact {
  readonly item: string;
  readonly value: string | number;
}

export interface FactSection {
  /** Name of the section in the CSV. */
  readonly key: string;
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** All of the report but its pictures. */
export interface ReportFacts {
  readonly title: string;
  readonly sections: readonly FactSection[];
  /** For the methods section; null = nothing was audited. */
  readonly sentence: string | null;
}

/** What was measured against a truth, and when. */
export interface MeasuredAccuracy {
  readonly report: AccuracyReport;
  /** Name of the truth's file, and its value that means membrane. */
  readonly truth: string;
  readonly membrane: number;
  /** Sequence of the last step of the project then. */
  readonly sequence: number;
}

/** What a report is made of. */
export interface ReportSubject {
  readonly project: Project;
  readonly models: readonly ModelVersion[];
  readonly model: ModelId | null;
  readonly mask: MaskThresholds;
  /** How right the mask is by a truth that lies beside the stack; null = nobody has measured. */
  readonly accuracy: MeasuredAccuracy | null;
  /** Version of the app. */
  readonly version: string;
}

const EARLIER = 'an earlier one: model, mask, labels or how slices are shown have changed since';
const AS_HERE = 'as in this report';

const fact = (item: string, value: string | number | null): Fact => ({
  item,
  value: value ?? 'not known',
});

/** Everything that a reader needs to judge and to repeat what was done in a project. */
export async function reportFacts(subject: ReportSubject): Promise<ReportFacts> {
  const { project, models, model, mask, accuracy, version } = subject;
  const used = models.filter((one) => one.id === model || !isBundled(one));
  const found = await project.audits.read();
  const audit = found.kind === 'kept' ? found.audit : null;
  const result = audit && auditResult(audit);
  const nameOf = (id: ModelId): string => models.find((one) => one.id === id)?.name ?? id;
  const predicted = project.predictions.list().filter((one) => one.model === model).length;
  return {
    title: project.name,
    sections: [
      stackFacts(project),
      shownFacts(project, nameOf),
      {
        key: 'mask',
        title: 'Mask',
        facts: [
          fact('model in use', model === null ? 'none' : nameOf(model)),
          fact('threshold for pixels', mask.pixel),
          fact('threshold for cells', mask.cells),
          ...(models.find((one) => one.id === model)?.classes ?? []).map((one) =>
            fact(`threshold for ${one.name}`, classThresholdFor(one, project.view.classThresholds)),
          ),
          fact('slices segmented by it', predicted),
        ],
      },
      ...used.map((one) => modelFacts(one, nameOf)),
      ...(found.kind === 'damaged'
        ? [{ key: 'audit', title: 'Audit', facts: [fact('state', 'audit.json is damaged')] }]
        : []),
      ...(audit && result
        ? [auditFacts(result, audit.seed, audit.created, nowOther(subject, audit.state))]
        : []),
      ...(accuracy ? [accuracyFacts(accuracy, nameOf, nowOther(subject, stateOf(accuracy)))] : []),
      effortFacts(project.efforts.effort, models),
      { key: 'software', title: 'Software', facts: [fact('Membrana', version)] },
    ],
    sentence: audit && result && auditSentence(audit, result, nameOf(audit.state.model)),
  };
}

const stateOf = ({ report: { model, mask }, sequence }: MeasuredAccuracy): AuditedState => ({
  ...{ model, mask, sequence },
});

const isBundled = ({ origin }: ModelVersion): boolean => origin === 'bundled';

/** Whether something was measured of an earlier state than the report tells of. */
function nowOther({ project, model, mask }: ReportSubject, state: AuditedState): boolean {
  return (
    state.model !== model ||
    state.mask.pixel !== mask.pixel ||
    state.mask.cells !== mask.cells ||
    state.sequence !== project.labels.lastSequence ||
    (state.conditioning !== undefined &&
      !sameConditioning(state.conditioning, project.conditioning?.value ?? noConditioning))
  );
}

const voxelSource = {
  file: 'the file',
  user: 'entered by the user',
  assumed: 'assumed',
  unknown: 'not known',
} as const;

function stackFacts({ stack }: Project): FactSection {
  const { width, height, depth, type, voxelSize } = stack.info;
  return {
    key: 'stack',
    title: 'Stack',
    facts: [
      fact('file', stack.name),
      ...Object.entries(stack.fingerprint).map(([item, value]) =>
        fact(`fingerprint: ${item}`, value),
      ),
      fact('width in pixels', width),
      fact('height in pixels', height),
      fact('slices', depth),
      fact('values', type),
      fact('voxel x in nm', voxelSize.x),
      fact('voxel y in nm', voxelSize.y),
      fact('voxel z in nm', voxelSize.z),
      fact('voxel size from', voxelSource[voxelSize.source]),
    ],
  };
}

function shownFacts(
  { conditioning, trust }: Project,
  nameOf: (id: ModelId) => string,
): FactSection {
  return {
    key: 'conditioning',
    title: 'How slices are shown to models',
    facts: [
      fact('conditioning', conditioning ? formatConditioning(conditioning.value) : 'none'),
      fact(
        'chosen by',
        conditioning === null ? 'nobody' : conditioning.by === 'user' ? 'the user' : 'measurement',
      ),
      fact('trust light', trust?.light ?? 'not measured'),
      ...(trust
        ? [
            fact('agreement of turned slices (V_Info)', trust.agreement),
            fact('measured with', nameOf(trust.model)),
          ]
        : []),
    ],
  };
}

function accuracyFacts(
  { report, truth, membrane }: MeasuredAccuracy,
  nameOf: (id: ModelId) => string,
  earlier: boolean,
): FactSection {
  const { model, mask, scores, errors, slices, blank } = report;
  return {
    key: 'accuracy',
    title: 'Accuracy against a truth',
    facts: [
      fact('truth', truth),
      fact('value that means membrane', membrane),
      fact('model', nameOf(model)),
      fact('threshold for pixels', mask.pixel),
      fact('threshold for cells', mask.cells),
      fact('state', earlier ? EARLIER : AS_HERE),
      fact('slices measured, counted from 1', writeSlices(sliceMark(slices.map(({ z }) => z)), 1)),
      fact('slices left out, without membrane in the truth', blank.length),
      fact('V_Info, mean of the slices', scores.vInfo),
      fact('V_Info, precision', scores.vInfoPrecision),
      fact('V_Info, recall', scores.vInfoRecall),
      fact('V_Rand, mean of the slices', scores.vRand),
      fact('V_Rand, precision', scores.vRandPrecision),
      fact('V_Rand, recall', scores.vRandRecall),
      fact('Dice, of all pixels', scores.dice),
      fact('merges', errors.merges),
      fact('splits', errors.splits),
      fact('cells lost', errors.lost),
    ],
  };
}

function effortFacts(effort: Effort, models: readonly ModelVersion[]): FactSection {
  return {
    key: 'effort',
    title: 'Work by hand',
    facts: [
      fact('counted since', effort.since),
      fact('active minutes at the canvas', Math.round(effort.activeSeconds / 6) / 10),
      fact('strokes', effort.strokes),
      fact('strokes taken back', effort.takenBack),
      fact('pixels painted', effort.pixels),
      fact('rounds of retraining', models.filter(({ origin }) => origin === 'retrained').length),
    ],
  };
}

function modelFacts(one: ModelVersion, nameOf: (id: ModelId) => string): FactSection {
  const { training } = one;
  const held = training?.obedience?.held;
  return {
    key: `model ${one.name}`,
    title: one.name,
    facts: [
      fact('id', one.id),
      fact('origin', one.origin),
      fact('parent', one.parent === null ? 'none' : nameOf(one.parent)),
      fact('made', one.created),
      fact('verdict', `${one.status.kind}: ${writeSlices(one.status.reason, 1)}`),
      ...(training
        ? [
            fact('steps', training.steps),
            fact('seed', training.seed),
            fact('engine', training.engine),
            fact('learnt from', writeSlices(training.summary, 1)),
            fact('loss, first and last', curveEnds(training.curve)),
          ]
        : []),
      ...(held
        ? [
            fact('strokes kept back that it gets right, before', held.before),
            fact('after', held.after),
          ]
        : []),
      ...(one.scores
        ? [
            fact('V_Info', one.scores.vInfo),
            fact('V_Rand', one.scores.vRand),
            fact('Dice', one.scores.dice),
          ]
        : []),
      fact('scores', writeSlices(one.scoresNote, 1)),
      fact('licence', one.licence),
      fact('citation', one.citation),
    ],
  };
}

function curveEnds(curve: NonNullable<ModelVersion['training']>['curve']): string {
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last) return 'not kept';
  return `${first.loss.toFixed(4)} (step ${String(first.step)}) to ${last.loss.toFixed(4)} (step ${String(last.step)})`;
}

function auditFacts(
  result: AuditResult,
  seed: number,
  created: string,
  earlier: boolean,
): FactSection {
  const rate = (name: string, value: AuditResult['merges']): Fact[] =>
    value === null
      ? []
      : [
          fact(name, value.errors),
          fact(`${name} per ${result.unit}`, value.rate),
          fact(`${name} per ${result.unit}, 95 % interval from`, value.low),
          fact(
            `${name} per ${result.unit}, 95 % interval to`,
            value.high ??
              'not known: more than a quarter of the places are wrong, and one error is counted a place',
          ),
        ];
  return {
    key: 'audit',
    title: 'Audit',
    facts: [
      fact('drawn', created),
      fact('seed', seed),
      fact('state', earlier ? EARLIER : AS_HERE),
      fact('places judged', result.answered),
      fact('places left out', result.skipped),
      fact(`membrane looked at, in ${result.unit}`, result.length),
      ...rate('merges', result.merges),
      ...rate('splits', result.splits),
    ],
  };
}
