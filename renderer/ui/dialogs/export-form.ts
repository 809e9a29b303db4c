import type {
  ExportedImage,
  ExportFormat,
  LabelClass,
  MaskValues,
  MissingSlices,
} from '#contract/entities';
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
  readonly format: ExportFormat;
  /** Of a mask. */
  readonly values: MaskValues;
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
  /** The stack is where it was. */
  readonly hasStack: boolean;
}

/** What would happen, and why it can't. */
export interface ExportPlan {
  readonly slices: readonly number[];
  readonly gaps: readonly number[];
  /** Slices that will be written. */
  readonly written: number;
  readonly problem: string | null;
}

/** The class beside membrane that is written; null = membrane, or all of them. */
export function classOf({ what, of }: Pick<ExportForm, 'what' | 'of'>): string | null {
  return what === 'mask' || what === 'probability' ? of : null;
}

const endings: Readonly<Record<ExportFormat, string>> = {
  tiff: '.tif',
  'ome-zarr-0.4': '.ome.zarr',
  'ome-zarr-0.5': '.ome.zarr',
  png: '',
  nrrd: '.nrrd',
};

/** A name for the file or folder; what a file system may refuse in a class's name is a dash. */
export function fileName(
  project: string,
  form: Pick<ExportForm, 'what' | 'of' | 'format'>,
): string {
  const of = classOf(form);
  const own = of === null ? [] : [of.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')];
  return `${[project, ...own, form.what].join('-')}${endings[form.format]}`;
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
  if (typeof slices === 'string') return { slices: [], gaps: [], written: 0, problem: slices };
  const gaps = gapsIn(form.what, slices, facts, classOf(form) === null ? 'membrane' : 'class');
  const written = slices.length - (form.missing === 'leave-out' ? gaps.length : 0);
  return { slices, gaps, written, problem: problemOf(form, facts, gaps.length, written) };
}

function problemOf(
  { what, missing, format }: ExportForm,
  { labelled, canSegment, hasStack }: ExportFacts,
  gaps: number,
  written: number,
): string | null {
  const say = exportStrings;
  if ((what === 'classes' || what === 'review') && !labelled) return say.nothingLabelled;
  if (gaps > 0 && missing === 'segment' && !canSegment) return say.cannotSegment;
  const zarr = format === 'ome-zarr-0.4' || format === 'ome-zarr-0.5';
  if (zarr && what !== 'probability' && !hasStack) return say.noStack;
  return written === 0 ? say.nothingLeft : null;
}

/** What the values of the file say, as rows of a table. */
export function valueRows(
  { what, of, values }: Pick<ExportForm, 'what' | 'of' | 'values'>,
  classes: readonly LabelClass[],
): readonly { readonly value: string; readonly name: string }[] {
  const say = exportStrings.value;
  switch (what) {
    case 'mask':
      return [
        { value: '0', name: say.not(of ?? say.membrane) },
        { value: values === '0/1' ? '1' : '255', name: of ?? say.membrane },
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
