import { expect } from '@playwright/test';
import type { Point } from '../workspace';
import type { BindingRow, Hand } from './hand';

/** The picture follows the pointer: the pixel that was under `from` is under `to`. */
async function pans(hand: Hand, drag: (from: Point, to: Point) => Promise<void>): Promise<void> {
  const from = await hand.work.at(0.45, 0.4);
  const to = { x: from.x + 120, y: from.y + 60 };
  const before = await hand.pixel(from);
  await drag(from, to);
  near(await hand.pixel(to), before, 2);
}

function near(seen: Point, wanted: Point, most: number): void {
  expect(Math.abs(seen.x - wanted.x)).toBeLessThanOrEqual(most);
  expect(Math.abs(seen.y - wanted.y)).toBeLessThanOrEqual(most);
}

/** The zoom changes and the pixel under the pointer stays. */
async function zoomsAtCursor(hand: Hand, turn: (at: Point) => Promise<void>): Promise<void> {
  const at = await hand.work.at(0.6, 0.35);
  const before = await hand.pixel(at);
  const zoom = await hand.zoom();
  await turn(at);
  await expect.poll(() => hand.zoom()).toBeGreaterThan(zoom * 1.05);
  near(await hand.pixel(at), before, 2);
}

/** Goes to a slice and says which keys brought it there. */
const slices =
  (...steps: readonly (readonly [key: string, slice: number])[]) =>
  async (hand: Hand): Promise<void> => {
    for (const [key, slice] of steps) {
      await hand.press(key);
      await hand.slice(slice);
    }
  };

/** A key turns a layer off and on. */
const toggles = (key: string, layer: string) => async (hand: Hand) => {
  const eye = hand.eye(layer);
  const before = await eye.getAttribute('aria-pressed');
  await hand.press(key);
  await expect(eye).not.toHaveAttribute('aria-pressed', before ?? '');
  await hand.press(key);
  await expect(eye).toHaveAttribute('aria-pressed', before ?? '');
};

/** Pan, zoom, slices, layers, contrast. */
export const viewRows: readonly BindingRow[] = [
  {
    keys: 'Space + drag',
    action: 'pans, from any tool, and paints nothing',
    story: (hand) =>
      pans(hand, async (from, to) => {
        await hand.holding('Space', () => hand.drag(from, to));
        await hand.label(to, 'untouched');
      }),
  },
  {
    keys: 'middle-drag',
    action: 'pans',
    story: (hand) => pans(hand, (from, to) => hand.drag(from, to, 'middle')),
  },
  {
    keys: 'Ctrl + wheel',
    action: 'zooms at the cursor, and the page does not',
    story: async (hand) => {
      await zoomsAtCursor(hand, () =>
        hand.holding('Control', () => hand.page.mouse.wheel(0, -240)),
      );
      expect(await hand.page.evaluate(() => visualViewport?.scale)).toBe(1);
      await hand.slice(1);
    },
  },
  {
    keys: 'pinch',
    action: 'zooms at the cursor, and the page does not',
    story: async (hand) => {
      const door = await hand.page.context().newCDPSession(hand.page);
      await zoomsAtCursor(hand, async ({ x, y }) => {
        const pinch = { x, y, scaleFactor: 1.6, gestureSourceType: 'mouse' } as const;
        await door.send('Input.synthesizePinchGesture', pinch);
      });
      expect(await hand.page.evaluate(() => visualViewport?.scale)).toBe(1);
    },
  },
  {
    keys: 'Ctrl+0',
    action: 'fits the slice',
    story: async (hand) => {
      const fitted = await hand.zoom();
      await hand.press('Control+1');
      await expect.poll(() => hand.zoom()).toBe(100);
      await hand.press('Control+0');
      await expect.poll(() => hand.zoom()).toBe(fitted);
    },
  },
  {
    keys: 'Space + double-click',
    action: 'centres there',
    story: async (hand) => {
      await hand.press('Control+1');
      const at = await hand.work.at(0.62, 0.4);
      const wanted = await hand.pixel(at);
      await hand.holding('Space', () => hand.page.mouse.dblclick(at.x, at.y));
      near(await hand.pixel(await hand.work.at(0.5, 0.5)), wanted, 2);
    },
  },
  {
    keys: 'wheel',
    action: 'changes the slice',
    story: async (hand) => {
      await hand.work.point(await hand.work.at(0.5, 0.5));
      await hand.page.mouse.wheel(0, 120);
      await hand.slice(2);
      await hand.page.mouse.wheel(0, -120);
      await hand.slice(1);
    },
  },
  {
    keys: 'PgDn PgUp',
    action: 'next, previous slice',
    story: slices(['PageDown', 2], ['PageDown', 3], ['PageUp', 2]),
  },
  {
    keys: '. ,',
    action: 'next, previous slice',
    story: slices(['Period', 2], ['Comma', 1]),
  },
  {
    keys: 'Shift+PgDn Shift+PgUp',
    action: 'ten slices on and back, or to the end',
    story: slices(['Shift+PageDown', 8], ['Shift+PageUp', 1]),
  },
  { keys: 'End Home', action: 'last, first slice', story: slices(['End', 8], ['Home', 1]) },
  {
    keys: 'Z',
    action: 'XZ, then YZ, then slices again',
    story: async (hand) => {
      await hand.press('z');
      for (const name of [/^XZ plane/, /^YZ plane/]) {
        await expect(hand.page.getByRole('application', { name })).toBeVisible();
        await expect(hand.work.picture).toBeHidden();
        await hand.page.keyboard.press('z');
      }
      await expect(hand.work.picture).toBeFocused();
      await hand.slice(1);
    },
  },
  {
    keys: 'Shift+Z',
    action: 'all planes beside each other, and slices alone again',
    story: async (hand) => {
      await hand.press('Shift+z');
      await expect(hand.page.getByRole('application')).toHaveCount(3);
      await hand.press('Shift+z');
      await expect(hand.page.getByRole('application')).toHaveCount(1);
    },
  },
  { keys: 'M', action: 'shows and hides the mask', story: toggles('m', 'Mask') },
  { keys: 'P', action: 'shows and hides the prediction', story: toggles('p', 'Prediction') },
  { keys: 'U', action: 'shows and hides the uncertainty', story: toggles('u', 'Uncertainty') },
  {
    keys: 'H held',
    action: 'hides all overlays as long as it is held',
    story: async (hand) => {
      const note = hand.page.getByText('Overlays hidden');
      await hand.holding('h', () => expect(note).toBeVisible());
      await expect(note).toBeHidden();
    },
  },
  {
    keys: "; '",
    action: 'fainter, stronger overlay',
    story: async (hand) => {
      const before = await hand.opacity('Mask');
      await hand.press('Semicolon');
      await expect.poll(() => hand.opacity('Mask')).toBe(before - 10);
      await hand.press('Quote');
      await expect.poll(() => hand.opacity('Mask')).toBe(before);
    },
  },
  {
    keys: 'Alt + wheel over a layer',
    action: 'changes its opacity',
    story: async (hand) => {
      const before = await hand.opacity('Mask');
      const box = await hand.eye('Mask').boundingBox();
      await hand.page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + 8);
      await hand.holding('Alt', () => hand.page.mouse.wheel(0, -120));
      await expect.poll(() => hand.opacity('Mask')).toBeGreaterThan(before);
      await hand.holding('Alt', () => hand.page.mouse.wheel(0, 120));
      await expect.poll(() => hand.opacity('Mask')).toBe(before);
    },
  },
  {
    keys: 'drag on the histogram, C',
    action: 'sets the contrast; automatic again',
    story: async (hand) => {
      const black = hand.page.getByRole('slider', { name: 'Black point' });
      const value = async (): Promise<number> => Number(await black.getAttribute('aria-valuenow'));
      const before = await value();
      const box = await black.boundingBox();
      if (box === null) throw new Error('no histogram');
      const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      await hand.drag(from, { x: from.x + 40, y: from.y });
      await expect.poll(value).toBeGreaterThan(before);
      await hand.press('c');
      await expect.poll(value).toBe(before);
    },
  },
];
