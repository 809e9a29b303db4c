import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..', '..', '..');

const Plants = z.record(
  z.string(),
  z.object({
    what: z.string(),
    file: z.string(),
    changes: z.array(z.object({ from: z.string(), to: z.string() })),
    /** Parts of the fault suite that must find it. */
    red: z.array(z.string()),
  }),
);
export type Plant = z.infer<typeof Plants>[string];

/** Faults to plant in a copy of the program, to see that the suite finds them. */
export async function readPlants(): Promise<ReadonlyMap<string, Plant>> {
  const text = await readFile(join(import.meta.dirname, 'plants.json'), 'utf8');
  return new Map(Object.entries(Plants.parse(JSON.parse(text))));
}

/** Changes a source on its way into a bundle; throws where the source no longer has what is to change. */
function planted({ file, changes }: Plant): Plugin {
  return {
    name: 'planted-fault',
    transform(code, id) {
      if (id !== join(root, file)) return null;
      return changes.reduce((text, { from, to }) => {
        if (!text.includes(from)) throw new Error(`${file} has no "${from}" to change`);
        return text.replace(from, () => to);
      }, code);
    },
  };
}

/** Bundles a program of this folder into `folder`, for plain Node, with a planted fault or none; returns its path. */
export async function bundleProgram(
  name: string,
  folder: string,
  plant: Plant | null = null,
): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  const bundle = await rolldown({
    input: join(import.meta.dirname, `${name}.ts`),
    platform: 'node',
    plugins: plant ? [planted(plant)] : [],
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return file;
}
