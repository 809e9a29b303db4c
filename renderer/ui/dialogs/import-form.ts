import {
  WIDEST_BOUNDARY,
  type ExistingLabels,
  type Grant,
  type ImportChoice,
  type ImportedAs,
  type LabelFileSummary,
  type LabelMapping,
  type MappedClass,
} from '#contract/entities';
import { importStrings as say } from '../../strings/import-strings';

type Boundaries = Extract<LabelMapping, { kind: 'boundaries' }>;

/** What the user has chosen so far. */
export interface ImportForm {
  readonly grant: Grant | null;
  readonly summary: LabelFileSummary | null;
  readonly kind: LabelMapping['kind'];
  /** By value; null = not chosen yet. */
  readonly classes: readonly { readonly value: number; readonly class: MappedClass | null }[];
  /** Of the values that are not listed. */
  readonly rest: MappedClass | null;
  readonly width: string;
  readonly zero: Boundaries['zero'];
  readonly as: ImportedAs | 'truth';
  readonly existing: ExistingLabels;
  /** As it is typed, from 1. */
  readonly first: string;
}

export const emptyImport: ImportForm = {
  ...{ grant: null, summary: null, kind: 'values', classes: [], rest: null },
  ...{ width: '1', zero: 'leave', as: 'painted', existing: 'keep', first: '1' },
};

/** The form as a file suggests it: what nothing tells is left for the user to say. */
export function formOf(form: ImportForm, summary: LabelFileSummary): ImportForm {
  const { suggestion, values } = summary;
  const classes = values.map(({ value }) => {
    const known =
      suggestion?.kind === 'values' ? suggestion.classes.find((one) => one.value === value) : null;
    return { value, class: known?.class ?? null };
  });
  const boundaries = suggestion?.kind === 'boundaries' ? suggestion : null;
  return {
    ...form,
    ...{ summary, classes, rest: null, first: '1' },
    kind: suggestion?.kind ?? 'values',
    width: String(boundaries?.width ?? 1),
    zero: boundaries?.zero ?? 'leave',
  };
}

/** Values that the file has beside those that are listed. */
export function furtherValues({ summary }: ImportForm): number {
  return summary === null ? 0 : summary.distinct - summary.values.length;
}

function wholeNumber(text: string, most: number): number | null {
  const value = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
  return value >= 1 && value <= most ? value : null;
}

/** The class of every value, or what is still to be said. */
function mappingOf(form: ImportForm): LabelMapping | string {
  if (form.kind === 'boundaries') {
    const width = wholeNumber(form.width, WIDEST_BOUNDARY);
    if (width === null) return say.widthRange(WIDEST_BOUNDARY);
    return { kind: 'boundaries', width, zero: form.zero };
  }
  const classes: { value: number; class: MappedClass }[] = [];
  for (const { value, class: id } of form.classes) {
    const colour = form.summary?.values.find((one) => one.value === value)?.colour ?? null;
    if (id === null) return say.open(say.value(value, colour));
    classes.push({ value, class: id });
  }
  const further = furtherValues(form) > 0;
  if (further && form.rest === null) return say.open(say.rest(furtherValues(form)));
  const rest = further ? form.rest : null;
  if ([...classes.map((one) => one.class), rest ?? 'leave'].every((id) => id === 'leave'))
    return say.nothing;
  return { kind: 'values', classes, rest };
}

/** What the form asks for: labels to correct, something to compare with, or nothing yet, and why. */
export type ImportWish =
  | { readonly kind: 'labels'; readonly grant: Grant; readonly choice: ImportChoice }
  | { readonly kind: 'truth'; readonly grant: Grant }
  | { readonly kind: 'problem'; readonly text: string };

const problem = (text: string): ImportWish => ({ kind: 'problem', text });

/** `depth`: slices of the stack. */
export function importWish(form: ImportForm, depth: number): ImportWish {
  const { grant, summary, as, existing } = form;
  if (grant === null || summary === null) return problem(say.noFile);
  if (as === 'truth')
    return summary.depth === depth ? { kind: 'truth', grant } : problem(say.truthDepth);
  const mapping = mappingOf(form);
  if (typeof mapping === 'string') return problem(mapping);
  const last = depth - summary.depth + 1;
  const first = wholeNumber(form.first, last);
  if (first === null) return problem(say.firstRange(last));
  return { kind: 'labels', grant, choice: { mapping, as, existing, first: first - 1 } };
}
