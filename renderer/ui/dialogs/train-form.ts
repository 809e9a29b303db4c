import type { CommandInput } from '#contract/commands';
import type { Grant, LabelSummary } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { formatSliceRange, parseSliceRange } from '#contract/slice-range';
import { en } from '../../strings/en';

/** What the user has entered so far. */
export interface TrainForm {
  readonly image: Grant | null;
  readonly labels: Grant | null;
  readonly summary: LabelSummary | null;
  readonly membrane: number | null;
  readonly train: string;
  readonly validate: string;
  readonly baseFilters: number;
  readonly limit: 'steps' | 'minutes';
  readonly steps: number | null;
  readonly minutes: number | null;
  readonly seed: number | null;
  readonly name: string;
}

export const baseFilterChoices = [8, 16, 32, 64] as const;

/**
 * The start of every training: 600 steps of the smallest network take minutes
 * on a processor; longer is the user's choice.
 */
export const startForm: TrainForm = {
  image: null,
  labels: null,
  summary: null,
  membrane: null,
  train: '',
  validate: '',
  baseFilters: 8,
  limit: 'steps',
  steps: 600,
  minutes: 10,
  seed: 0,
  name: '',
};

export type FieldName = 'data' | 'membrane' | 'train' | 'validate' | 'budget' | 'seed' | 'name';
export type FormProblems = Readonly<Partial<Record<FieldName, string>>>;

const words = en.dialogs.train.invalid;

/** Slices as the user counts them, from 1; what is wrong with the text otherwise. `empty` null = there may be none. */
function slices(text: string, depth: number, empty: string | null): number[] | string {
  if (text.trim() === '') return empty ?? [];
  try {
    return parseSliceRange(text, depth, 1);
  } catch (error) {
    return error instanceof MembranaError ? `${error.message} ${error.hint}` : String(error);
  }
}

/** Everything that keeps the form from being started, by field; empty = it can. */
export function problemsOf(form: TrainForm): FormProblems {
  if (!form.image || !form.labels || !form.summary) return { data: words.pick };
  const found: Partial<Record<FieldName, string>> = {};
  if (form.membrane === null) found.membrane = words.membrane;
  const train = slices(form.train, form.summary.depth, words.train);
  const validate = slices(form.validate, form.summary.depth, null);
  if (typeof train === 'string') found.train = train;
  if (typeof validate === 'string') found.validate = validate;
  if (typeof train !== 'string' && typeof validate !== 'string') {
    const both = validate.filter((z) => train.includes(z));
    if (both.length > 0) found.validate = en.dialogs.train.overlap(formatSliceRange(both, 1));
  }
  const amount = form.limit === 'steps' ? form.steps : form.minutes;
  if (amount === null || !(amount > 0)) found.budget = words.number;
  if (form.seed === null || !Number.isInteger(form.seed) || form.seed < 0)
    found.seed = words.number;
  if (form.name.trim() === '') found.name = words.name;
  return found;
}

/** The command's input; null while the form has problems. */
export function trainInput(form: TrainForm): Omit<CommandInput<'train.start'>, 'at'> | null {
  const { image, labels, summary, membrane, seed } = form;
  if (Object.keys(problemsOf(form)).length > 0) return null;
  if (!image || !labels || !summary || membrane === null || seed === null) return null;
  const train = slices(form.train, summary.depth, null);
  const validate = slices(form.validate, summary.depth, null);
  if (typeof train === 'string' || typeof validate === 'string') return null;
  return {
    image: image.id,
    labels: labels.id,
    membrane,
    train,
    validate,
    baseFilters: form.baseFilters,
    budget:
      form.limit === 'steps'
        ? { kind: 'steps', steps: Math.round(form.steps ?? 0) }
        : { kind: 'minutes', minutes: form.minutes ?? 0 },
    seed,
    from: null,
    name: form.name.trim(),
  };
}
