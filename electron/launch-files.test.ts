import { describe, expect, it } from 'vitest';
import { launchFiles } from './launch-files';

const launch = (argv: string[], packaged = false) =>
  launchFiles({ argv: ['/run/electron', ...argv], cwd: '/home/me', appPath: '/src/app', packaged });

describe('files named at the start', () => {
  it.each<[string, string[], string[]]>([
    ['none', ['/src/app'], []],
    ['one, relative to the caller', ['/src/app', 'a b.tif'], ['/home/me/a b.tif']],
    ['after flags', ['--no-sandbox', '/src/app', '/d/a.tif'], ['/d/a.tif']],
    ['between flags', ['--inspect=0', '/src/app', '--x=1', '/d/a.tif', '-y'], ['/d/a.tif']],
    ["not a flag's own value", ['-r', '/hook.js', '/src/app', '/d/a.tif'], ['/d/a.tif']],
    ['with a dash, after --', ['/src/app', '--', '-a.tif'], ['/home/me/-a.tif']],
    ['the app folder itself only once', ['/src/app', '/src/app'], ['/src/app']],
  ])('%s', (_, argv, files) => {
    expect(launch(argv)).toEqual(files);
  });

  it('need no app folder in an installed app', () => {
    expect(launch(['/d/a.tif'], true)).toEqual(['/d/a.tif']);
  });
});
