import { MembranaError } from '#contract/errors';

/** What the metadata of a Zarr says can't be. `name` is the folder as a person knows it. */
export function corruptZarr(name: string, what: string): MembranaError {
  return new MembranaError('stack.corrupt', `${name}: ${what}.`, {
    hint: 'Copy or export the Zarr again; its description is damaged.',
    data: { file: name },
  });
}

export function unsupportedZarr(name: string, what: string): MembranaError {
  return new MembranaError(
    'stack.unsupported',
    `${name} uses ${what}, which Membrana can't read.`,
    {
      hint: 'Convert it to OME-Zarr with zstd, gzip or Blosc compression, or to TIFF.',
      data: { file: name },
    },
  );
}

export function tooLargeZarr(name: string, what: string): MembranaError {
  return new MembranaError('stack.too-large', `${name} has ${what}.`, {
    hint: 'Store it in smaller chunks (a few megabytes each read best).',
    data: { file: name },
  });
}
