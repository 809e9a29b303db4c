import {
  WIDEST_BOUNDARY,
  type ImportChoice,
  type LabelClass,
  type LabelFileSummary,
  type LabelMapping,
  type MappedClass,
} from '#contract/entities';
import { encodePatch } from '#contract/label-patch-codec';
import { INTERIOR, MEMBRANE, VOID } from '#contract/label-byte';
import { patchPixelCount } from '#contract/label-patch';
import { formatSliceRange } from '#contract/slice-range';
import { importedPatches } from '#main/import/import-labels';
import { inspectLabelFile } from '#main/import/label-file';
import { openProject } from '#main/project/project-store';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { usageError, type Arguments } from '../arguments';
import type { Outcome } from '../command';
import type { Context } from '../context';

/** A class by its number or its name in the project; `leave` = the pixel stays as it is. @throws MembranaError usage */
function classWord(word: string, classes: readonly LabelClass[]): MappedClass {
  const name = word.trim().toLowerCase();
  if (name === 'leave') return 'leave';
  if (name === 'void') return VOID;
  const usual = { interior: INTERIOR, membrane: MEMBRANE };
  const found =
    classes.find((one) => one.name.toLowerCase() === name) ??
    classes.find(({ id }) => String(id) === name);
  if (found) return found.id;
  for (const [known, id] of Object.entries(usual)) if (known === name) return id;
  if (name === String(VOID)) return VOID;
  const names = [...classes.map((one) => one.name), 'void', 'leave'].join(', ');
  throw usageError(`"${word}" is no class of the project: ${names}.`, 'project');
}

/** `255=membrane,0=interior,rest=leave`. @throws MembranaError usage */
function mapArgument(args: Arguments, text: string, classes: readonly LabelClass[]): LabelMapping {
  const pairs = text.split(',').map((part) => {
    const at = part.lastIndexOf('=');
    if (at < 1)
      throw usageError(`--map is "${text}"; write it as 255=membrane,0=interior.`, 'project');
    return { value: part.slice(0, at).trim(), class: classWord(part.slice(at + 1), classes) };
  });
  const rest = pairs.find(({ value }) => value === 'rest')?.class ?? null;
  const known = pairs
    .filter(({ value }) => value !== 'rest')
    .map(({ value, class: id }) => ({ value: args.labelValue('map', value), class: id }));
  return { kind: 'values', classes: known, rest };
}

/** The mapping as the command line takes it. */
function mappingText(mapping: LabelMapping, summary: LabelFileSummary): string {
  if (mapping.kind === 'boundaries')
    return `--cells --zero ${mapping.zero} --width ${mapping.width}`;
  const word = (value: number): string =>
    summary.values.find((one) => one.value === value)?.colour ?? String(value);
  return `--map '${mapping.classes.map(({ value, class: id }) => `${word(value)}=${id}`).join(',')}'`;
}

/** What the values mean as the command says; what it leaves open is asked, not guessed. @throws MembranaError usage */
function mappingOf(
  args: Arguments,
  classes: readonly LabelClass[],
  summary: LabelFileSummary,
): LabelMapping {
  const map = args.text('map');
  const cells = args.flag('cells');
  if (map !== null && cells)
    throw usageError('--map and --cells are two ways to read the values: give one.', 'project');
  if (map !== null) return mapArgument(args, map, classes);
  const width = args.number('width', { min: 1, max: WIDEST_BOUNDARY, whole: true });
  const zero = args.text('zero');
  if (cells)
    return {
      kind: 'boundaries',
      width: width ?? 1,
      zero: args.oneOf('zero', ['membrane', 'cell', 'leave'], 'leave'),
    };
  if (width !== null || zero !== null)
    throw usageError('--width and --zero go with --cells.', 'project');
  const held = summary.values
    .slice(0, 8)
    .map(({ value, fraction, colour }) => {
      return `${colour ?? String(value)} (${(100 * fraction).toFixed(1)} %)`;
    })
    .join(', ');
  const more = summary.distinct > 8 ? ` and ${summary.distinct - 8} more` : '';
  const likely =
    summary.suggestion === null ? '' : ` Probably: ${mappingText(summary.suggestion, summary)}.`;
  throw usageError(
    `--map is missing, and so is --cells: ${summary.name} holds ${held}${more}.${likely}`,
    'project',
  );
}

/** Takes labels of another program into the layer that was last shown, as one step that undo takes back. */
export async function importLabels(
  args: Arguments,
  { signal, progress }: Context,
): Promise<Outcome> {
  const folder = args.path(args.positional(1, 'FOLDER'));
  const path = args.path(args.positional(2, 'LABELS'));
  args.atMost(3);
  const as = args.oneOf('as', ['painted', 'confirmed'], 'painted');
  const existing = args.oneOf('existing', ['keep', 'replace'], 'keep');
  const first = args.number('first', { min: 0, max: 1_000_000, whole: true }) ?? 0;
  const project = await openProject(
    folder,
    { readOnlyIfLocked: false },
    { rescue: rescuedStrokes(userDataFolder()) },
  );
  try {
    const { classes, labels, stack } = project;
    const target = { name: stack.name, info: stack.info };
    const summary = await inspectLabelFile(path, target, classes, signal);
    const mapping = mappingOf(args, classes, summary);
    const choice: ImportChoice = { mapping, as, existing, first };
    const slices: number[] = [];
    let pixels = 0;
    const place = { ...target, labels, classes };
    // All of it is read before the first is written: what is refused leaves nothing behind.
    for await (const patch of importedPatches(path, place, choice, signal)) {
      progress.report('slice', patch.z - first + 1, summary.depth);
      slices.push(patch.z);
      pixels += patchPixelCount(patch);
    }
    for await (const patch of importedPatches(path, place, choice, signal))
      await labels.append(encodePatch(patch));
    return {
      value: { file: path, as, existing, first, mapping, slices, pixels },
      text:
        slices.length === 0
          ? 'Nothing changed: the labels say nothing that is not there already.'
          : `${pixels} pixels as ${as}, on the slices ${formatSliceRange(slices)} (the first is 0).`,
      exitCode: 0,
    };
  } finally {
    await project.close();
  }
}
