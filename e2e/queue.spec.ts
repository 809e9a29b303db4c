import { expect, test } from '@playwright/test';
import { accessibilityFaults } from './axe';
import { layoutFaults } from './layout-faults';
import { OpenStack } from './open-stack';
import { Screen } from './screen';
import { storyStack } from './story-stack';

const stack = new OpenStack({ files: [storyStack] });

test('J leads from one doubtful place to the next, Q takes the brush that mends it', async () => {
  const { app, work } = stack;
  const queue = work.panel.getByRole('region', { name: 'Where to look next' });
  await expect(queue).toContainText('Segment slices first');
  await work.segment();
  await work.dismissCards();
  const before = await work.look();
  await queue.getByRole('button', { name: /^Go to the first place/ }).click();
  await expect(queue).toContainText(/1 of \d+/);
  await expect(queue).toContainText(
    /A membrane ends here|Two cells touch without a wall|A wall that is hardly there/,
  );
  await expect.poll(async () => (await work.look()).mark).not.toBe(before.mark);
  const ring = app.page.getByRole('img', { name: 'Place to look at' });
  await expect(ring).toBeVisible();
  const screen = await Screen.of(app.page);
  await screen.show({ width: 1100, height: 700 });
  for (const theme of ['light', 'dark'] as const) {
    await screen.theme(theme);
    expect([...(await layoutFaults(app.page)), ...(await accessibilityFaults(app.page))]).toEqual(
      [],
    );
    await app.picture(`queue-place-${theme}`);
  }
  // It stays on its place when the view comes nearer.
  const width = async () => (await ring.boundingBox())?.width ?? 0;
  const far = await width();
  // A ring is never smaller than can be seen: a small place fills it only from near.
  for (let step = 0; step < 6; step += 1) await work.press('Control+Equal');
  await expect.poll(width).toBeGreaterThan(far);
  await work.press('j');
  await expect(queue).toContainText(/2 of \d+/);
  await work.press('Shift+j');
  await expect(queue).toContainText(/1 of \d+/);
  await work.press('q');
  await expect(ring).toBeHidden();
  await work.stroke(await work.at(0.5, 0.48), await work.at(0.5, 0.52));
  await expect(work.saved).toHaveText('Saved');
  await work.press('y');
  await expect(queue).toContainText(/2 of \d+/);
  const effort = work.panel.getByRole('region', { name: 'Your work' });
  await expect(effort).toContainText(/Strokes\s*1/);
  await expect(effort).toContainText(/At the canvas\s*[1-9]\d* s/);
  expect(app.problems).toEqual([]);
});
