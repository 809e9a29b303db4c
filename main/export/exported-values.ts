import type { ExportedImage, ExportedValue, LabelClass } from '#contract/entities';
import { legendOf } from '../labels/label-image';

/** What the bytes of an exported image say, ascending. */
export function exportedValues(
  what: ExportedImage,
  classes: readonly LabelClass[],
  name = 'membrane',
): ExportedValue[] {
  switch (what) {
    case 'mask':
      return [
        { value: 0, name: `not ${name}` },
        { value: 255, name },
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
