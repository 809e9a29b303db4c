import { MembranaError } from '#contract/errors';

export function corruptHdf5(name: string, what: string): MembranaError {
  return new MembranaError('stack.corrupt', `${name}: ${what}.`, {
    hint: 'Copy or export the file again; it is damaged, or was not written to its end.',
    data: { file: name },
  });
}

export function unsupportedHdf5(name: string, what: string): MembranaError {
  return new MembranaError(
    'stack.unsupported',
    `${name} uses ${what}, which Membrana can't read.`,
    {
      hint: 'Save the picture anew as one numeric dataset, gzip-compressed or plain, with h5py or Fiji for instance.',
      data: { file: name },
    },
  );
}

export function tooLargeHdf5(name: string, what: string): MembranaError {
  return new MembranaError('stack.too-large', `${name} has ${what}.`, {
    hint: 'Store it in smaller chunks (a few megabytes each read best).',
    data: { file: name },
  });
}
