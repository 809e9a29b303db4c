import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';

const side = 512;
const tissue = { left: 120, top: 90, width: 300, height: 320 } as const;

/** One uncompressed 8-bit slice: walls and noise on a black canvas. */
function paddedTiff(): Buffer {
  const entries = [
    [256, 4, side],
    [257, 4, side],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8 + 2 + 9 * 12 + 4],
    [277, 3, 1],
    [278, 4, side],
    [279, 4, side * side],
  ] as const;
  const head = 8 + 2 + entries.length * 12 + 4;
  const file = Buffer.alloc(head + side * side);
  file.write('II');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, value], i) => {
    const at = 10 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  for (let y = tissue.top; y < tissue.top + tissue.height; y += 1)
    for (let x = tissue.left; x < tissue.left + tissue.width; x += 1) {
      const wall = (x + Math.round(8 * Math.sin(y / 20))) % 40 < 5 || y % 44 < 5;
      const noise = (Math.imul(y * side + x, 2654435761) >>> 24) / 8;
      file[head + y * side + x] = (wall ? 60 : 150) + noise;
    }
  return file;
}

let home: Home;
let app: RunningApp;
test.beforeAll(async () => {
  home = await makeHome();
  const stack = join(home.folder, 'padded.tif');
  await writeFile(stack, paddedTiff());
  app = await launchApp({ home, files: [stack] });
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('padding is hatched as no tissue, named, and left out of the contrast', async () => {
  const { page } = app;
  const picture = page.getByRole('application');
  await expect(picture).toBeVisible();
  const note = page.getByText(/holds no tissue \(a constant border or bar of value 0\)/);
  await expect(note).toBeVisible();
  const box = await picture.boundingBox();
  if (!box) throw new Error('the picture is not there');
  const status = page.getByRole('contentinfo', { name: 'Status' });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(status).not.toContainText('no tissue here');
  // The slice fits the picture, so its padding begins well inside the upper edge of it.
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 0.38 * box.height);
  await expect(status).toContainText('no tissue here');
  await page.screenshot({ path: test.info().outputPath('no-tissue.png') });
});
