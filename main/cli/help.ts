import type { Command } from './command';

const program = 'membrana';

export function commandHelp(command: Command): string {
  return [
    `${program} ${command.name} ${command.usage}`.trimEnd(),
    '',
    command.summary,
    ...(command.help.length > 0 ? ['', ...command.help.map((line) => `  ${line}`)] : []),
    '',
    '  --json                          print one JSON document',
    '  --quiet                         no progress on stderr',
    '',
    'Example:',
    `  ${program} ${command.example}`,
  ].join('\n');
}

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `${program} COMMAND [OPTIONS]`,
    '',
    'Segments electron-microscopy stacks without a window. Results go to stdout, progress to stderr.',
    'A stack is a TIFF, HDF5, MRC or NRRD file, a folder of TIFF, PNG or JPEG slices, or an OME-Zarr folder.',
    'Of several datasets in a HDF5 file one is named behind it: volumes.h5::/volumes/raw.',
    'Exit 0 = done, 1 = the answer is no, 2 = bad input, 130 = cancelled.',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    `Example:`,
    `  ${program} segment stack.tif --model general --out probability.tif`,
    '',
    `"${program} COMMAND --help" tells more about one command.`,
  ].join('\n');
}
