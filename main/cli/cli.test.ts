import { copyFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invertChange, type ProjectChange } from '#contract/project-step';
import type { Project } from '#main/project/project';
import { openProject } from '#main/project/project-store';
import { commands } from './commands';
import { buildCli, failureOf, runCli, type BuiltCli } from './testing/built-cli';
import { writeLines } from '../compute/testing/line-stacks';

let cli: BuiltCli;
let folder: string;

beforeAll(async () => {
  cli = await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  const size = { side: 128, depth: 4 };
  await writeLines(join(folder, 'image.tif'), 'image', size);
  await writeLines(join(folder, 'labels.tif'), 'labels', size);
  await writeLines(join(folder, 'other.tif'), 'labels', { side: 96, depth: 4 });
  await writeFile(join(folder, 'notes.tif'), 'not a TIFF at all');
  await writeFile(join(folder, 'empty.tif'), '');
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const run = (...words: string[]) => runCli(cli, folder, words);

describe('every command', () => {
  it('counts slices from 0, and says so where an error names one', async () => {
    const { stderr } = await run('info', 'image.tif', '--page', '4');
    expect(stderr).toContain('Slice 4 is not in this stack.');
    expect(stderr).toContain('Slices run from 0 to 3. (The command line counts slices from 0.)');
  });

  it('explains itself with an example', async () => {
    const overview = await run('--help');
    expect(overview.code).toBe(0);
    for (const { name, example } of commands) {
      expect(overview.stdout).toContain(name);
      const { code, stdout } = await run(name, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain(`membrana ${example}`);
    }
  }, 60_000);

  it.each([
    ['a command that does not exist', ['paint', '--json'], 'usage'],
    ['an option that does not exist', ['info', 'image.tif', '--fast', '--json'], 'usage'],
    ['a missing word', ['info', '--json'], 'usage'],
    ['a word too many', ['info', 'image.tif', 'b.tif', '--json'], 'usage'],
    ['a number that is none', ['info', 'image.tif', '--page', 'x', '--json'], 'usage'],
    ['a file that is not there', ['info', 'absent.tif', '--json'], 'file.not-found'],
    ['an empty file', ['info', 'empty.tif', '--json'], 'file.empty'],
    ['not a TIFF', ['info', 'notes.tif', '--json'], 'tiff.not-a-tiff'],
    [
      'a page out of range',
      ['info', 'image.tif', '--page', '9', '--json'],
      'stack.slice-out-of-range',
    ],
    [
      'a model that is not there',
      ['segment', 'image.tif', '--model', 'none', '--out', 'p.tif', '--json'],
      'model.not-found',
    ],
    [
      'the output on top of the input',
      ['segment', 'image.tif', '--model', 'm', '--out', 'image.tif', '--json'],
      'usage',
    ],
    [
      'a conditioning that is none',
      [
        ...['segment', 'image.tif', '--model', 'm', '--out', 'p.tif', '--json'],
        ...['--conditioning', 'smooth=9'],
      ],
      'usage',
    ],
    [
      'steps and minutes',
      [
        'train',
        '--image',
        'image.tif',
        '--labels',
        'labels.tif',
        '--membrane',
        '0',
        '--out',
        'm',
        '--steps',
        '1',
        '--minutes',
        '1',
        '--json',
      ],
      'usage',
    ],
    [
      'a slice in both sets',
      [
        'train',
        '--image',
        'image.tif',
        '--labels',
        'labels.tif',
        '--membrane',
        '0',
        '--out',
        'm',
        '--train',
        '0-2',
        '--validate',
        '2-3',
        '--json',
      ],
      'usage',
    ],
    [
      'a second stack without its membrane value',
      [
        'train',
        ...['--image', 'image.tif', '--labels', 'labels.tif', '--membrane', '0'],
        ...['--image', 'image.tif', '--labels', 'labels.tif', '--out', 'm', '--json'],
      ],
      'usage',
    ],
    ['a project that is none', ['project', 'verify', '.', '--json'], 'project.not-a-project'],
    ['an unknown engine', ['engines', '--engine', 'abacus', '--json'], 'usage'],
  ])('answers %s with exit 2 and one error document', async (_, words, code) => {
    const ran = await run(...words);
    expect(ran.code).toBe(2);
    expect(failureOf(ran).code).toBe(code);
    expect(ran.stderr).toBe('');
  });

  it('says errors on stderr without --json, and nothing on stdout', async () => {
    const { code, stdout, stderr } = await run('info', 'notes.tif');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('notes.tif');
  });
});

describe('info', () => {
  it('finds files from where the command was typed and prints one document', async () => {
    const { code, stdout, stderr } = await run(
      'info',
      'image.tif',
      '--digest',
      '--json',
      '--quiet',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      width: 128,
      height: 128,
      depth: 4,
      type: 'uint8',
      voxelSize: { x: 4, y: 4, z: 50, unit: 'nm' },
      pages: Array.from({ length: 4 }, () => ({
        state: 'ok',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      })),
    });
  });
});

describe('thresholds', () => {
  const group = (slices: string, membrane = '255') => [
    ...['--prediction', 'labels.tif', '--truth', 'labels.tif'],
    ...['--membrane', membrane, '--slices', slices],
  ];

  it('scores every group at the thresholds of the other folds: of equal ones the lowest for regions', async () => {
    const { code, stdout } = await run('thresholds', ...group('0-1'), ...group('2-3'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      thresholds: { topology: 0.1, pixel: 0.5 },
      mean: { dice: 1, accuracy: 1 },
      deviation: { dice: 0 },
      groups: [
        { truth: 'labels.tif', slices: '0-1', scores: { accuracy: 1, pixelThreshold: 0.5 } },
        { truth: 'labels.tif', slices: '2-3' },
      ],
    });
  });

  it('refuses a group without its slices, and a truth without membrane', async () => {
    const rest = ['--prediction', 'labels.tif', '--truth', 'labels.tif', '--membrane', '255'];
    const short = await run('thresholds', ...group('0'), ...rest, '--json');
    expect(failureOf(short).code).toBe('usage');
    const absent = await run('thresholds', ...group('0', '7'), '--json');
    expect(failureOf(absent).code).toBe('labels.value-absent');
  });
});

describe('project', () => {
  it('makes one, opens it, and finds a damaged file', async () => {
    const made = await run('project', 'create', 'A.emproj', '--stack', 'image.tif', '--json');
    expect(made.code).toBe(0);
    const opened = await run('project', 'open', 'A.emproj', '--json');
    expect(JSON.parse(opened.stdout)).toMatchObject({ name: 'A', stack: { name: 'image.tif' } });
    expect((await run('project', 'verify', 'A.emproj', '--json')).code).toBe(0);
    await truncate(join(folder, 'A.emproj', 'project.json'), 20);
    const verified = await run('project', 'verify', 'A.emproj', '--json');
    expect(verified.code).toBe(1);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      ok: false,
      problems: [{ file: 'project.json' }],
    });
  });

  it('recovers what can be recovered, says what, and exits with 1 when something is lost', async () => {
    const place = join(folder, 'R.emproj');
    await run('project', 'create', 'R.emproj', '--stack', 'image.tif', '--json');
    const whole = await run('project', 'recover', 'R.emproj', '--json');
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({
      ok: true,
      strokesRecovered: 0,
      message: 'Nothing had to be recovered.',
      problems: [],
    });
    await truncate(join(place, 'project.json'), 20);
    const repaired = await run('project', 'recover', 'R.emproj', '--json');
    expect(repaired.code).toBe(0);
    expect((await run('project', 'verify', 'R.emproj', '--json')).code).toBe(0);
    await writeFile(join(place, 'journal', '000001.log'), new Uint8Array(60));
    const lost = await run('project', 'recover', 'R.emproj');
    expect(lost.code).toBe(1);
    expect(lost.stdout).toContain('1 damaged record was set aside in the journal folder.');
    const none = await run('project', 'recover', 'image.tif', '--json');
    expect(failureOf(none).code).toBe('project.not-a-project');
  });

  it('is told where its stack is now, and takes no other without being told', async () => {
    await run('project', 'create', 'L.emproj', '--stack', 'image.tif', '--json');
    await copyFile(join(folder, 'image.tif'), join(folder, 'moved.tif'));
    const relink = (...words: string[]) => run('project', 'relink', 'L.emproj', ...words, '--json');
    const moved = await relink('--stack', 'moved.tif');
    expect(moved.code).toBe(0);
    expect(JSON.parse(moved.stdout)).toMatchObject({ relinked: true, sameFile: true });
    const other = await relink('--stack', 'labels.tif');
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({ relinked: false, sameFile: false });
    expect((await relink('--stack', 'labels.tif', '--accept-other')).code).toBe(0);
    expect(failureOf(await relink('--stack', 'other.tif', '--accept-other')).code).toBe(
      'stack.shape-mismatch',
    );
  });

  it('saves, lists and restores versions', async () => {
    await run('project', 'create', 'V.emproj', '--stack', 'image.tif', '--json');
    const versions = (...words: string[]) =>
      run('project', 'versions', 'V.emproj', ...words, '--json');
    expect(JSON.parse((await versions()).stdout)).toEqual([]);
    expect(JSON.parse((await versions('--save', 'Start')).stdout)).toMatchObject({
      saved: { number: 1, name: 'Start' },
    });
    expect(JSON.parse((await versions()).stdout)).toMatchObject([{ number: 1, name: 'Start' }]);
    expect(JSON.parse((await versions('--restore', '1')).stdout)).toMatchObject({ slices: [] });
    expect(failureOf(await versions('--restore', '7')).code).toBe('version.not-found');
  });

  it('restores the classes of a version with its labels', async () => {
    await run('project', 'create', 'W.emproj', '--stack', 'image.tif', '--json');
    const mito = { id: 3, name: 'mito', colour: '#009e73', key: 3, locked: false };
    const withProject = async <T>(work: (project: Project) => Promise<T>): Promise<T> => {
      const project = await openProject(join(folder, 'W.emproj'), { readOnlyIfLocked: false });
      return work(project).finally(() => project.close());
    };
    const classes = await withProject(async (project) => {
      const before = project.classes;
      const change: ProjectChange = { kind: 'classes', before, after: [...before, mito] };
      await project.apply({ sequence: 1, action: 'do', name: 'Add class', change });
      await project.versions.save('With mito');
      const back = invertChange(change);
      await project.apply({ sequence: 2, action: 'undo', name: 'Add class', change: back });
      return before;
    });
    expect((await run('project', 'versions', 'W.emproj', '--restore', '1')).code).toBe(0);
    const after = await withProject((project) => Promise.resolve(project.classes));
    expect(after).toEqual([...classes, mito]);
  });
});
