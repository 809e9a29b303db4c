import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout; this file lies two folders below it, built or not. */
export const root = resolve(import.meta.dirname, '..', '..');

export const cliScript = join(root, 'scripts', 'cli.mjs');
/** The built process that trains and scores: what a kept result of ours came from. */
export const computeBundle = join(root, 'dist', 'main', 'compute.js');
export const peerScript = (name: string): string => join(root, 'bench', 'peers', name);

/** The labelled ISBI stack: membrane is 0 in its labels. */
export function isbiStack(): {
  readonly image: string;
  readonly labels: string;
  readonly membrane: number;
} {
  const data = resolve(process.env['MEMBRANA_DATA'] ?? join(root, '..', 'shared', 'data'));
  const image = join(data, 'isbi2012', 'train-volume.tif');
  const labels = join(data, 'isbi2012', 'train-labels.tif');
  for (const file of [image, labels])
    if (!existsSync(file))
      throw new Error(`${file} is not there; set MEMBRANA_DATA to a folder with isbi2012/ in it.`);
  return { image, labels, membrane: 0 };
}
