import type { ExportedImage, ExportedValue, LabelClass, MaskValues } from '#contract/entities';
import { MEMBRANE } from '#contract/label-byte';
import { legendOf, type LegendEntry } from '../labels/label-image';
import type { ExportedClass } from './exported-class';

/** The number of what is inside a mask. */
export function insideValue(values: MaskValues): 1 | 255 {
  return values === '0/1' ? 1 : 255;
}

/** What the bytes of an exported image say, ascending. */
export function exportedValues(
  what: ExportedImage,
  classes: readonly LabelClass[],
  name = 'membrane',
  values: MaskValues = '0/255',
): ExportedValue[] {
  switch (what) {
    case 'mask':
      return [
        { value: 0, name: `not ${name}` },
        { value: insideValue(values), name },
      ];
    case 'probability':
      return [
        { value: 0, name: `${name} probability 0` },
        { value: 255, name: `${name} probability 1` },
      ];
    case 'classes':
    case 'review':
      return [
        { value: 0, name: 'nobody has looked' },
        ...legendOf(what, classes).map(({ value, name }) => ({ value, name })),
      ].sort((a, b) => a.value - b.value);
  }
}

/** Of a class that the project has no colour for. */
const OTHER_COLOUR = '#f0e442';

/** Names and colours of an exported image's values; null where it is no image of labels. */
export function exportedLegend(
  what: ExportedImage,
  classes: readonly LabelClass[],
  ownClass: Pick<ExportedClass, 'name' | 'label'> | null = null,
  values: MaskValues = '0/255',
): readonly LegendEntry[] | null {
  switch (what) {
    case 'classes':
    case 'review':
      return legendOf(what, classes);
    case 'mask': {
      const label = ownClass === null ? MEMBRANE : ownClass.label;
      const colour = classes.find(({ id }) => id === label)?.colour ?? OTHER_COLOUR;
      return [{ value: insideValue(values), name: ownClass?.name ?? 'membrane', colour }];
    }
    case 'probability':
      return null;
  }
}
