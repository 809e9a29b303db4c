import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';

/** An uncompressed 8-bit TIFF of one slice whose file ends after `kept` of its rows. */
function cutTiff(width: number, height: number, kept: number): Buffer {
  const entries = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 0],
    [277, 3, 1],
    [278, 4, 64],
    [279, 4, 0],
  ] as const;
  const strips = Math.ceil(height / 64);
  const head = 8 + 2 + entries.length * 12 + 4;
  const tables = head + strips * 8;
  const file = Buffer.alloc(tables + width * kept, 160);
  // Columns of nine greys: a slice of one grey would be hatched as blank.
  for (let i = 0; i < width * kept; i += 1)
    file[tables + i] = 100 + 12 * Math.floor(((i % width) + 32) / 64);
  file.write('II');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, value], i) => {
    const at = 10 + i * 12;
    const list = tag === 273 || tag === 279;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(list ? strips : 1, at + 4);
    file.writeUInt32LE(list ? head + (tag === 279 ? strips * 4 : 0) : value, at + 8);
  });
  file.writeUInt32LE(0, head - 4);
  for (let i = 0; i < strips; i += 1) {
    file.writeUInt32LE(tables + i * 64 * width, head + i * 4);
    file.writeUInt32LE(Math.min(64, height - i * 64) * width, head + (strips + i) * 4);
  }
  return file;
}

let home: Home;
let app: RunningApp;
test.beforeAll(async () => {
  home = await makeHome();
  const stack = join(home.folder, 'cut.tif');
  await writeFile(stack, cutTiff(512, 512, 256));
  app = await launchApp({ home, files: [stack] });
});
test.afterAll(async () => {
  await app.close();
  await home.remove();
});

test('a file that ends early opens; what is missing is hatched, and the status bar says so', async () => {
  const { page } = app;
  const picture = page.getByRole('application');
  await expect(picture).toBeVisible();
  const status = page.getByRole('contentinfo', { name: 'Status' });
  await expect(status).toContainText('can’t be read');
  const box = (await picture.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.6);
  await expect(status).toContainText('no data here');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.4);
  await expect(status).not.toContainText('no data here');
  const colours = (part: 'top' | 'bottom'): Promise<number> =>
    page.evaluate((half) => {
      const canvas = document.querySelector<HTMLCanvasElement>('[role=application] canvas')!;
      const { width, height } = canvas;
      const at = half === 'top' ? height * 0.4 : height * 0.6;
      const { data } = canvas
        .getContext('2d')!
        .getImageData(Math.round(width / 2) - 20, Math.round(at) - 20, 40, 40);
      const seen = new Set<number>();
      for (let i = 0; i < data.length; i += 4)
        seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
      return seen.size;
    }, part);
  expect(await colours('top')).toBe(1);
  expect(await colours('bottom')).toBeGreaterThan(2);
  await app.picture('unreadable');
  expect(app.problems).toEqual([]);
});
