import type { ExportedImage, LabelClass, MissingSlices } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { gapsIn, type KnownSlices } from '#contract/export-gaps';
import { VOID } from '#contract/label-byte';
import { parseSliceRange } from '#contract/slice-range';
import { exportStrings } from '../../strings/export-strings';

/** What the user has chosen so far. */
export interface ExportForm {
  readonly what: ExportedImage;
  /** The class whose mask or probability it is, by its name; null = membrane. */
  readonly of: string | null;
  readonly which: 'all' | 'current' | 'some';
  /** Slices as they are typed, from 1. */
  readonly range: string;
  readonly missing: Exclude<MissingSlices, 'refuse'>;
}

/** What the export depends on besides. */
export interface ExportFacts extends KnownSlices {
  readonly depth: number;
  /** The slice in view. */
  readonly z: number;
  /** Anything was painted or confirmed. */
  readonly labelled: boolean;
  readonly canSegment: boolean;
}

/** What would happen, and why it can't. */
export interface ExportPlan {
  readonly slices: readonly number[];
  readonly gaps: readonly number[];
  /** Pages of the file. */
  readonly pages: number;
  readonly problem: string | null;
}

/** The class beside membrane that is written; null = membrane, or all of them. */
export function classOf({ what, of }: Pick<ExportForm, 'what' | 'of'>): string | null {
  return what === 'mask' || what === 'probability' ? of : null;
}

/** A name for the file; what a file system may refuse in a class's name is a dash. */
export function fileName(project: string, form: Pick<ExportForm, 'what' | 'of'>): string {
  const of = classOf(form);
  const own = of === null ? [] : [of.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')];
  return `${[project, ...own, form.what].join('-')}.tif`;
}

/** The slices chosen; a text that is no range says why. */
function chosen(form: ExportForm, { depth, z }: ExportFacts): readonly number[] | string {
  switch (form.which) {
    case 'all':
      return Array.from({ length: depth }, (_, slice) => slice);
    case 'current':
      return [z];
    case 'some':
      try {
        return parseSliceRange(form.range, depth, 1);
      } catch (error) {
        if (error instanceof MembranaError) return `${error.message} ${error.hint}`;
        throw error;
      }
  }
}

export function exportPlan(form: ExportForm, facts: ExportFacts): ExportPlan {
  const slices = chosen(form, facts);
  if (typeof slices === 'string') return { slices: [], gaps: [], pages: 0, problem: slices };
  const gaps = gapsIn(form.what, slices, facts, classOf(form) === null ? 'membrane' : 'class');
  const pages = slices.length - (form.missing === 'leave-out' ? gaps.length : 0);
  return { slices, gaps, pages, problem: problemOf(form, facts, gaps.length, pages) };
}

function problemOf(
  { what, missing }: ExportForm,
  { labelled, canSegment }: ExportFacts,
  gaps: number,
  pages: number,
): string | null {
  const say = exportStrings;
  if ((what === 'classes' || what === 'review') && !labelled) return say.nothingLabelled;
  if (gaps > 0 && missing === 'segment' && !canSegment) return say.cannotSegment;
  return pages === 0 ? say.nothingLeft : null;
}

/** What the values of the file say, as rows of a table. */
export function valueRows(
  { what, of }: Pick<ExportForm, 'what' | 'of'>,
  classes: readonly LabelClass[],
): readonly { readonly value: string; readonly name: string }[] {
  const say = exportStrings.value;
  switch (what) {
    case 'mask':
      return [
        { value: '0', name: say.not(of ?? say.membrane) },
        { value: '255', name: of ?? say.membrane },
      ];
    case 'classes':
      return [
        { value: '0', name: say.nobody },
        ...classes.map(({ id, name }) => ({ value: String(id), name })),
        { value: String(VOID), name: say.void },
      ];
    case 'review':
      return [
        { value: '0', name: say.nobody },
        { value: '1', name: say.painted },
        { value: '2', name: say.confirmed },
      ];
    case 'probability':
      return [{ value: '0–255', name: say.between(of ?? say.membrane) }];
  }
}
