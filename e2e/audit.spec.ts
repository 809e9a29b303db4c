import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { OpenStack } from './open-stack';
import { storyStack } from './story-stack';

const stack = new OpenStack({ files: [storyStack] });

test('five random places are judged by keys, a quit in the middle keeps the answers, and the report is saved', async () => {
  let { app, work } = stack;
  let audit = work.panel.getByRole('region', { name: 'Audit' });
  await expect(audit).toContainText('Segment slices first');
  await work.segment();
  await work.dismissCards();
  const places = audit.getByRole('textbox', { name: 'Places' });
  await places.fill('5');
  await places.press('Enter');
  await audit.getByRole('button', { name: /^Draw places/ }).click();
  await expect(audit).toContainText('1 of 5');
  await expect(app.page.getByRole('img', { name: 'Place to judge' })).toBeVisible();
  await app.picture('audit-place');
  await work.press('Shift+G');
  await expect(audit).toContainText('2 of 5');
  await work.press('Shift+W');
  await expect(audit).toContainText('3 of 5');

  await work.press('b');
  await work.stroke(await work.at(0.5, 0.48), await work.at(0.5, 0.52));
  await expect(work.saved).toHaveText('Saved');
  await work.press('Control+z');
  await stack.restart();
  ({ app, work } = stack);
  audit = work.panel.getByRole('region', { name: 'Audit' });
  const effort = work.panel.getByRole('region', { name: 'Your work' });
  await expect(effort).toContainText(/Strokes\s*1, 1 taken back/);
  await effort.scrollIntoViewIfNeeded();
  await app.picture('effort');
  await expect(audit).toContainText('2 of 5 places judged');
  await audit.getByRole('button', { name: /^Go on/ }).click();
  await expect(audit).toContainText('3 of 5');
  await work.press('Shift+X');
  await expect(audit).toContainText('4 of 5');
  await work.press('Shift+U');
  await expect(audit).toContainText('5 of 5');
  await work.press('Shift+G');
  await expect(audit).toContainText('5 of 5 places judged');
  await expect(audit).toContainText(/Merges.*per µm/);
  const sentence = audit.getByRole('button', { name: /^Copy the sentence/ });
  await expect(sentence).toHaveAttribute(
    'title',
    /in 4 places.*1 further place could not be judged.*1 merge.*1 split/,
  );
  await app.picture('audit-result');

  const path = join(stack.home.folder, 'report.html');
  await app.answerDialogs(path);
  await audit.getByRole('button', { name: /^Report/ }).click();
  await expect(app.page.getByText('report.html', { exact: false }).first()).toBeVisible();
  // As a reader opens it: in a browser window, from the disk.
  const titles = await app.electron.evaluate(async ({ BrowserWindow }, file) => {
    const reader = new BrowserWindow({ show: false, webPreferences: { partition: 'reader' } });
    await reader.loadFile(file);
    const seen: unknown = await reader.webContents.executeJavaScript(`({
      headings: [...document.querySelectorAll('h2')].map((heading) => heading.textContent),
      scripts: document.querySelectorAll('script, link, iframe').length,
      pictures: [...document.images].map((image) => image.complete && image.naturalWidth > 0),
      sentence: document.querySelector('blockquote')?.textContent ?? '',
    })`);
    reader.destroy();
    return seen;
  }, path);
  expect(titles).toEqual({
    headings: expect.arrayContaining([
      'Methods',
      'Stack',
      'How slices are shown to models',
      'Mask',
      'Audit',
    ]) as unknown,
    scripts: 0,
    pictures: [true, true],
    sentence: expect.stringContaining('1 merge') as unknown,
  });
  const csv = await readFile(join(stack.home.folder, 'report.csv'), 'utf8');
  expect(csv).toContain('audit,merges,1');
  expect(csv).toContain('effort,strokes,1');
  expect(app.problems).toEqual([]);
});
