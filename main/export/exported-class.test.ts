import { expect, it } from 'vitest';
import { exportedClass } from './exported-class';

const known = [{ id: 9, name: 'Mitochondria', colour: '#f0e442', threshold: 0.65, dice: null }];
const own = [{ id: 3, name: 'mitochondria', colour: '#f0e442', key: 3, locked: false }];

it('a class is written by its name, from the threshold on that the user set, else from that of the card', () => {
  const made = { id: 9, name: 'Mitochondria', label: 3 };
  expect(exportedClass('MITOCHONDRIA', known, own, [])).toEqual({ ...made, threshold: 0.65 });
  const set = [{ name: 'mitochondria', threshold: 0.2 }];
  expect(exportedClass('mitochondria', known, own, set)).toEqual({ ...made, threshold: 0.2 });
  expect(exportedClass('mitochondria', known, [], set)?.label).toBeNull();
  expect(exportedClass('nuclei', known, own, set)).toBeNull();
});
