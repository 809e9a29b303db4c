import { describeStack, type StackDescription } from '#main/stacks/describe';
import { openStack } from '#main/stacks/open-stack';
import type { Command } from '../command';

function text(name: string, description: StackDescription): string {
  const { width, height, depth, type, samples, voxelSize, warnings, pages } = description;
  const size = voxelSize
    ? [voxelSize.x, voxelSize.y, voxelSize.z].map((edge) => edge ?? '?').join(' × ') + ' nm'
    : 'unknown';
  const broken = pages.filter(({ state }) => state !== 'ok').length;
  return [
    name,
    `  ${width} × ${height} pixels, ${depth} ${depth === 1 ? 'slice' : 'slices'}, ${type}${samples > 1 ? `, ${samples} samples` : ''}`,
    `  voxel size ${size}`,
    `  axes ${description.axes}, compression ${description.compression}, ${description.byteOrder}-endian`,
    broken === 0
      ? `  all ${pages.length < depth ? `of the ${pages.length} pages looked at` : 'pages'} read`
      : `  ${broken} of ${pages.length} pages can't be read completely`,
    ...warnings.map(({ message }) => `  warning: ${message}`),
    ...pages.flatMap(({ sha256 }, i) => (sha256 === undefined ? [] : [`  ${i} ${sha256}`])),
  ].join('\n');
}

export const info: Command = {
  name: 'info',
  summary: 'Says what a stack is and whether it reads.',
  usage: 'STACK [--digest] [--page N]',
  help: [
    '--digest                        read every page and print its SHA-256',
    '--page N                        only page N (the first is 0)',
  ],
  example: 'info stack.tif --digest --json',
  options: { digest: { type: 'boolean' }, page: { type: 'string' } },
  async run(args, { signal, progress }) {
    const path = args.path(args.positional(0, 'STACK'));
    args.atMost(1);
    const page = args.number('page', { min: 0, max: 1e9, whole: true });
    const source = await openStack(path, { signal });
    try {
      const description = await describeStack(source, {
        digest: args.flag('digest'),
        signal,
        onProgress: (done, total) => {
          progress.report('page', done, total);
        },
        ...(page === null ? {} : { page }),
      });
      return { value: description, text: text(path, description), exitCode: 0 };
    } finally {
      await source.close();
    }
  },
};
