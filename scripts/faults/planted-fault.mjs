import { join } from 'node:path';
import { SetupError } from '../setup/console.mjs';
import { root } from '../setup/paths.mjs';

/** A bundler plug-in that changes one source on its way into the bundle; the repository stays as it is. */
export function plantedFault(plants, name) {
  const plant = plants?.[name];
  if (plant === undefined)
    throw new SetupError(
      `There is no fault "${name}" to plant.`,
      `choose one of ${Object.keys(plants ?? {}).join(', ')}.`,
    );
  return {
    name: 'planted-fault',
    transform(code, id) {
      if (id !== join(root, plant.file)) return null;
      return plant.changes.reduce((text, { from, to }) => {
        if (!text.includes(from)) throw new Error(`${plant.file} has no "${from}" to change`);
        return text.replace(from, () => to);
      }, code);
    },
  };
}
