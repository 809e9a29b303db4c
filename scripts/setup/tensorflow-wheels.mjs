import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SetupError } from './console.mjs';
import { downloads, writeJson } from './paths.mjs';
import { capture, tail } from './process.mjs';
import { addCommand } from './tensorflow-plan.mjs';
import { unzip } from './zip.mjs';

/** The wheel is the same for every Python; the libraries in it don't touch Python. */
const anyPython = ['--implementation', 'cp', '--python-version', '3.11'];

/** SHA-256 of the wheels that this recipe was tried with. */
const published = {
  'tensorflow-cpu x64': '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
};

/**
 * Downloads TensorFlow (and, for a GPU, NVIDIA's libraries that the wheel
 * names) and unpacks libraries and C headers as they lie in site-packages, so
 * that the libraries find each other.
 */
export async function fetchWheels(folder, { variant, version, note }) {
  const fresh = `${folder}.fresh`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const name = variant === 'gpu' || process.arch !== 'x64' ? 'tensorflow' : 'tensorflow-cpu';
  const wheel = await download(`${name}==${version}`, published[`${name} ${process.arch}`], note);
  await unzip(wheel, fresh, (entry) =>
    /^tensorflow\/(libtensorflow_(cc|framework)\.so\.2|include\/.*\/(c\/.*|ctstring\w*)\.h)$/.test(
      entry,
    ) || /\.dist-info\/(METADATA|LICENSE)$/.test(entry)
      ? entry.replace(/^[^/]*\.dist-info/, 'tensorflow')
      : undefined,
  );
  rmSync(wheel);
  if (variant === 'gpu') {
    for (const requirement of cudaRequirements(join(fresh, 'tensorflow', 'METADATA'))) {
      const library = await download(requirement, undefined, note);
      await unzip(library, fresh, (entry) =>
        /^nvidia\/[^/]+\/(lib\/.*\.so[.\d]*|nvvm\/libdevice\/.*|bin\/ptxas)$/.test(entry)
          ? entry
          : undefined,
      );
      rmSync(library);
    }
    linkBeside(fresh);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  writeJson(join(folder, 'complete.json'), { name, version });
}

/** The NVIDIA packages of the wheel's `and-cuda` extra. */
function cudaRequirements(metadata) {
  return [
    ...readFileSync(metadata, 'utf8').matchAll(
      /^Requires-Dist: ([^;]+); extra == ["']and-cuda["']/gm,
    ),
  ].map((match) => match[1].replaceAll(/[()\s]/g, ''));
}

/** TensorFlow looks for CUDA's libraries in its own folder ($ORIGIN) first. */
function linkBeside(folder) {
  for (const entry of readdirSync(join(folder, 'nvidia'), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!/\.so(\.\d+)*$/.test(entry.name)) continue;
    const place = join(folder, 'tensorflow', entry.name);
    rmSync(place, { force: true });
    symlinkSync(relative(dirname(place), join(entry.parentPath, entry.name)), place);
  }
}

/** @returns the path of the wheel */
async function download(requirement, sha256, note) {
  const target = join(downloads, 'wheels');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  note(`downloading ${requirement} with pip`);
  const list = join(target, 'requirements.txt');
  writeFileSync(
    list,
    sha256 === undefined ? requirement : `${requirement} --hash=sha256:${sha256}`,
  );
  const glibc = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const platforms = [
    'manylinux_2_28',
    'manylinux_2_27',
    'manylinux2014',
    'manylinux_2_17',
    'manylinux1',
  ];
  const result = await capture(
    'python3',
    [
      ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input'],
      ...['--no-deps', '--only-binary=:all:', ...anyPython],
      ...platforms.flatMap((platform) => ['--platform', `${platform}_${glibc}`]),
      ...['--dest', target, '--requirement', list],
    ],
    { idle: 600_000, progress: () => bytesIn(target) },
  );
  const wheel = readdirSync(target).find((file) => file.endsWith('.whl'));
  if (result.code !== 0 || wheel === undefined) {
    throw new SetupError(
      `pip could not download ${requirement}.\n${tail(result)}`,
      `check that PyPI can be reached (\`python3 -m pip index versions tensorflow-cpu\`) and that 2 GB of disk are free, then: ${addCommand}`,
    );
  }
  return join(target, wheel);
}

function bytesIn(folder) {
  return existsSync(folder)
    ? readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
    : 0;
}
