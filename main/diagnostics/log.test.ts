import { describe, expect, it } from 'vitest';
import { logLine, withoutPaths } from './log';

describe('a log line', () => {
  it.each([
    ['cannot open /home/ada/stacks/volume.tif', 'cannot open …/volume.tif'],
    ["ENOENT: open '/data/p 1/x.emproj/project.json'", 'project.json'],
    ['at file:///opt/app/dist/main.js:10:4', 'main.js:10:4'],
    ['C:\\Users\\ada\\volume.tif is gone', '…/volume.tif is gone'],
  ])('tells only the last name of %s', (text, kept) => {
    const line = withoutPaths(text);
    expect(line).toContain(kept);
    expect(line).not.toMatch(/ada|home|data\/|opt/);
  });

  it('stays one line and keeps its facts', () => {
    expect(
      logLine('job failed', { code: 'disk.full', page: 3, none: undefined, text: 'a\nb' }),
    ).toBe('job failed code="disk.full" page=3 text="a\\nb"');
  });

  it('leaves ratios and dates alone', () => {
    expect(withoutPaths('3/4 of 1/2 done, and/or')).toBe('3/4 of 1/2 done, and/or');
  });
});
