import { formatConditioning, parseConditioning } from '#contract/conditioning-text';
import type { Conditioning } from '#contract/entities';
import {
  chooseConditioning,
  type ChooseConditioningParams,
  type ChooseConditioningResult,
} from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { conditioningNote, scaleNote } from '../jobs/conditioning-note';
import { usageError, type Arguments } from './arguments';
import type { Context } from './context';

export const conditioningOptions = { conditioning: { type: 'string' } } as const;

export const conditioningHelp = [
  '--conditioning auto|none|TEXT   what is done to slices first: auto (chosen by how steady the answers',
  '                                are), none, or such as invert,flat=64,smooth=1.5,scale=2',
] as const;

/** What the user asked for. */
export type ConditioningWish =
  | { readonly kind: 'auto' }
  | { readonly kind: 'fixed'; readonly by: 'none' | 'given'; readonly value: Conditioning };

/** @throws MembranaError usage */
export function conditioningWish(args: Arguments, command: string): ConditioningWish {
  const text = args.text('conditioning') ?? 'auto';
  if (text === 'auto') return { kind: 'auto' };
  const value = parseConditioning(text);
  if (value === null)
    throw usageError(
      `--conditioning is "${text}", not auto, none or such as invert,flat=64,smooth=1.5,scale=2 (flat 0–256, smooth 0–2, scale 0.25–4).`,
      command,
    );
  return { kind: 'fixed', by: text === 'none' ? 'none' : 'given', value };
}

/** What is done, and how it came about; the form in which `--json` prints it. */
export interface ConditioningReport extends Conditioning {
  readonly text: string;
  readonly by: 'measured' | 'none' | 'given';
  readonly proposedScale: number | null;
  readonly tried: ChooseConditioningResult['tried'];
  readonly seconds: number;
}

/** Whose answers are looked at. */
export interface Measured {
  readonly engine: JobEngine;
  readonly params: Omit<ChooseConditioningParams, 'choice'>;
}

export interface Settled {
  readonly conditioning: Conditioning;
  readonly report: ConditioningReport;
  readonly notes: readonly string[];
}

/** The conditioning that was asked for, measured where that was `auto`, and what a person should know of it. */
export async function settleConditioning(
  wish: ConditioningWish,
  { engine, params }: Measured,
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
): Promise<Settled> {
  const remark = (text: string): void => {
    progress.note(text);
  };
  const found: Omit<ChooseConditioningResult, 'engine' | 'device' | 'slices'> =
    wish.kind === 'fixed'
      ? { chosen: wish.value, proposedScale: null, tried: [], seconds: 0 }
      : await engine.call(
          chooseConditioning,
          (choice): ChooseConditioningParams => ({ ...params, choice }),
          { signal, remark },
        );
  const { chosen, proposedScale, tried, seconds } = found;
  const notes = [
    conditioningNote(chosen),
    proposedScale === null ? '' : scaleNote(proposedScale),
  ].filter((note) => note !== '');
  const by = wish.kind === 'fixed' ? wish.by : 'measured';
  const text = formatConditioning(chosen);
  const report: ConditioningReport = { ...chosen, text, by, proposedScale, tried, seconds };
  return { conditioning: chosen, report, notes };
}
