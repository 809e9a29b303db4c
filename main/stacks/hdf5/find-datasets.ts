import type { Dataset, File } from 'h5wasm';
import type { H5Module } from './hdf5-library';

/** Groups that are looked into, and how deep they may lie. */
const MOST_OBJECTS = 5000;
const DEEPEST = 8;
const MOST_FOUND = 50;
/** Types of values, by the numbers that HDF5 gives them: integers, floats, names for integers. */
const numeric = new Set([0, 1, 8]);

/** What of a file may be a stack. */
export interface FoundDatasets {
  /** Datasets of numbers with rows and columns, by their paths. */
  readonly paths: readonly string[];
  /** Names of files that links lead to; these are not followed. */
  readonly elsewhere: readonly string[];
}

/** Axes along which there is more than one value. */
function longAxes(shape: readonly number[]): number {
  return shape.filter((length) => length > 1).length;
}

export function isDataset(found: ReturnType<File['get']>): found is Dataset {
  return found !== null && 'filters' in found;
}

export function isPicture({ metadata: { type, shape } }: Dataset): boolean {
  return numeric.has(type) && shape !== null && longAxes(shape) >= 2 && shape.length <= 6;
}

function isSoftLink(file: File, module: H5Module, path: string): boolean {
  const target: unknown = module.get_symbolic_link(file.file_id, path);
  return typeof target === 'string';
}

/** Looks through the groups of a file, so many at most; links lead nowhere. */
export function findDatasets(file: File, module: H5Module): FoundDatasets {
  const paths: string[] = [];
  const elsewhere: string[] = [];
  let looked = 0;
  const look = (group: string, depth: number): void => {
    for (const name of module.get_names(file.file_id, group, false)) {
      looked += 1;
      if (looked > MOST_OBJECTS || paths.length >= MOST_FOUND) return;
      const path = group === '/' ? `/${name}` : `${group}/${name}`;
      // A soft link names what is found by its own name, and may go round in circles.
      if (isSoftLink(file, module, path)) continue;
      const link: { readonly filename?: string } = module.get_external_link(file.file_id, path);
      if (link.filename !== undefined) {
        elsewhere.push(link.filename);
        continue;
      }
      switch (module.get_type(file.file_id, path)) {
        case module.H5G_GROUP:
          if (depth < DEEPEST) look(path, depth + 1);
          break;
        case module.H5G_DATASET: {
          const found = file.get(path);
          if (isDataset(found) && isPicture(found)) paths.push(path);
          break;
        }
        default:
      }
    }
  };
  look('/', 0);
  return { paths, elsewhere };
}
