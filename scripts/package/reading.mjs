import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SetupError } from '../setup/console.mjs';
import { electronRecord, readJson, root } from '../setup/paths.mjs';
import { capture, tail } from '../setup/process.mjs';

/** A file for each decoder that is not our own few lines, and one for the structure alone. */
const files = [
  ...['jpeg-grey', 'zstd-f32', 'libtiff-zstd', 'deflate-u8', 'two-images.ome'].map((name) =>
    join('tiff', 'fixtures', `${name}.tif`),
  ),
  join('hdf5', 'fixtures', 'gzip-shuffle.h5'),
];

/**
 * Reads stacks through the packed command line and its workers, as they lie in the
 * archive, and segments one with a model of the package. The release itself can't run as Node; the runtime it was made of can.
 * @returns {Promise<string>} what was read
 */
export async function verifyReading(folder) {
  const cli = join(folder, 'resources', 'app.asar', 'dist', 'main', 'cli.js');
  const { executable } = readJson(electronRecord);
  for (const name of files) {
    const file = join(root, 'main', 'stacks', name);
    const words = [cli, 'info', file, '--digest', '--json', '--quiet'];
    const result = await capture(executable, words, {
      cwd: folder,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const pages = result.code === 0 ? (JSON.parse(result.stdout).pages ?? []) : [];
    if (pages.length === 0 || pages.some(({ state }) => state !== 'ok')) {
      throw new SetupError(
        `The packed command line does not read ${name}.\n${tail(result)}`,
        'compare asarUnpack in electron-builder.yml with what a worker thread needs.',
      );
    }
  }
  const image = join(root, 'main', 'stacks', 'tiff', 'fixtures', 'deflate-u8.tif');
  const map = join(mkdtempSync(join(tmpdir(), 'membrana-package-')), 'map.tif');
  const words = [cli, 'segment', image, '--model', 'general', '--engine', 'onnx', '--out', map];
  const segmented = await capture(executable, [...words, '--json', '--quiet'], {
    cwd: folder,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  rmSync(dirname(map), { recursive: true, force: true });
  if (segmented.code !== 0)
    throw new SetupError(
      `The packed command line does not segment.\n${tail(segmented)}`,
      'compare extraResources and asarUnpack in electron-builder.yml with what main/cli needs.',
    );
  return `${files.length} stacks`;
}
