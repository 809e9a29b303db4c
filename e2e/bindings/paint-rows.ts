import { expect } from '@playwright/test';
import type { BindingRow, Hand } from './hand';

/** A key takes a tool of the rail in hand. */
const takes = (key: string, tool: string) => async (hand: Hand) => {
  await hand.press('x');
  await hand.press(key);
  await hand.tool(tool);
};

/** Tools, brush, labels, undo. */
export const paintRows: readonly BindingRow[] = [
  { keys: 'B', action: 'takes the brush', story: takes('b', 'Brush') },
  {
    keys: 'E',
    action: 'takes the eraser',
    story: async (hand) => {
      await hand.press('e');
      await hand.tool('Eraser');
    },
  },
  { keys: 'F', action: 'takes the fill', story: takes('f', 'Fill') },
  { keys: 'W', action: 'takes the wand', story: takes('w', 'Wand') },
  {
    keys: 'L',
    action: 'takes the lasso, which Enter accepts and Esc cancels',
    story: async (hand) => {
      await takes('l', 'Lasso')(hand);
      const from = await hand.spot();
      const around = async (): Promise<void> => {
        await hand.page.mouse.move(from.x - 18, from.y - 18);
        await hand.page.mouse.down();
        for (const [dx, dy] of [
          [18, -18],
          [18, 18],
          [-18, 18],
          [-18, -12],
        ] as const)
          await hand.page.mouse.move(from.x + dx, from.y + dy, { steps: 4 });
        await hand.page.mouse.up();
      };
      await around();
      await hand.press('Escape');
      await hand.label(from, 'untouched');
      await hand.press('l');
      await around();
      await hand.press('Enter');
      await hand.label(from, 'membrane, painted');
    },
  },
  {
    keys: 'right-drag',
    action: 'erases without leaving the brush',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.drag(at, { x: at.x + 12, y: at.y + 2 }, 'right');
      await hand.label(at, 'interior, painted');
      await hand.tool('Brush');
    },
  },
  {
    keys: 'Ctrl + drag',
    action: 'erases without leaving the brush',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.holding('Control', () => hand.drag(at, { x: at.x + 12, y: at.y + 2 }));
      await hand.label(at, 'interior, painted');
      await hand.tool('Brush');
    },
  },
  {
    keys: 'right-click',
    action: 'opens the menu of the pixel, and paints nothing',
    story: async (hand) => {
      const at = await hand.spot();
      await hand.click(at, 'right');
      const menu = hand.page.getByRole('menu');
      await expect(menu).toBeVisible();
      await expect(menu.getByRole('menuitemradio', { name: /interior/ })).toBeFocused();
      await hand.page.keyboard.press('Enter');
      await expect(menu).toBeHidden();
      await hand.paints('interior');
      await expect(hand.work.picture).toBeFocused();
      await hand.label(at, 'untouched');
    },
  },
  {
    keys: 'Shift + E',
    action: 'erases back to the prediction, and to interior again',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.press('Shift+E');
      await hand.drag(at, { x: at.x + 12, y: at.y + 2 }, 'right');
      await hand.label(at, 'untouched');
      await hand.press('Shift+E');
    },
  },
  {
    keys: 'X',
    action: 'swaps brush and eraser',
    story: async (hand) => {
      await hand.press('x');
      await hand.tool('Eraser');
      await hand.press('x');
      await hand.tool('Brush');
    },
  },
  {
    keys: '[ ]',
    action: 'smaller, larger brush',
    story: async (hand) => {
      const before = await hand.size();
      await hand.press('BracketLeft');
      await expect.poll(() => hand.size()).toBeLessThan(before);
      await hand.press('BracketRight');
      await expect.poll(() => hand.size()).toBe(before);
    },
  },
  {
    keys: 'Shift + wheel',
    action: 'sizes the brush',
    story: async (hand) => {
      const before = await hand.size();
      await hand.work.point(await hand.work.at(0.5, 0.5));
      await hand.holding('Shift', () => hand.page.mouse.wheel(0, -120));
      await expect.poll(() => hand.size()).toBeGreaterThan(before);
      await hand.slice(1);
    },
  },
  {
    keys: 'Alt + drag sideways',
    action: 'sizes the brush, and paints nothing',
    story: async (hand) => {
      const before = await hand.size();
      const at = await hand.spot();
      await hand.holding('Alt', () => hand.drag(at, { x: at.x - 60, y: at.y }));
      await expect.poll(() => hand.size()).toBeLessThan(before);
      await hand.label(at, 'untouched');
    },
  },
  {
    keys: 'Shift + click',
    action: 'paints a straight line from the last end',
    story: async (hand) => {
      const from = await hand.stroke();
      const to = { x: from.x + 30, y: from.y + 90 };
      await hand.holding('Shift', () => hand.click(to));
      await hand.label({ x: from.x + 30, y: from.y + 50 }, 'membrane, painted');
    },
  },
  {
    keys: '1 2',
    action: 'choose the label, on the row and on the pad',
    story: async (hand) => {
      await hand.press('1');
      await hand.paints('interior');
      await hand.pad(2);
      await hand.paints('membrane');
    },
  },
  {
    keys: 'N, 3 … 9',
    action: 'a new class, and its digit',
    story: async (hand) => {
      await hand.press('n');
      await hand.page.keyboard.press('Escape');
      await hand.press('2');
      await hand.press('3');
      const radios = hand.page.getByRole('radiogroup', { name: 'Paint as' }).getByRole('radio');
      await expect(radios.nth(2)).toHaveAttribute('aria-checked', 'true');
    },
  },
  {
    keys: '< >',
    action: 'previous, next label',
    story: async (hand) => {
      await hand.press('Shift+Comma');
      await hand.paints('interior');
      await hand.press('Shift+Period');
      await hand.paints('membrane');
    },
  },
  {
    keys: 'K',
    action: 'locks the label in hand: nothing paints over it',
    story: async (hand) => {
      const { panel } = hand.work;
      const at = await hand.stroke();
      await hand.press('k');
      await expect(panel.getByRole('button', { name: 'Unlock membrane' })).toBeVisible();
      await hand.press('1');
      await hand.drag(at, { x: at.x + 20, y: at.y + 4 });
      await hand.label(at, 'membrane, painted');
      await hand.press('2');
      await hand.press('k');
      await expect(panel.getByRole('button', { name: 'Lock membrane' })).toBeVisible();
    },
  },
  {
    keys: 'I, click',
    action: 'picks the label under the cursor',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.press('1');
      await hand.press('i');
      await hand.tool('Pick label');
      await hand.click(at);
      await hand.paints('membrane');
    },
  },
  {
    keys: 'Alt + click',
    action: 'picks the label under the cursor',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.press('1');
      await hand.holding('Alt', () => hand.click(at));
      await hand.paints('membrane');
      await hand.label(at, 'membrane, painted');
    },
  },
  {
    keys: 'Ctrl+Z Ctrl+Shift+Z Ctrl+Y',
    action: 'undo, redo, redo',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.press('Control+z');
      await hand.label(at, 'untouched');
      await hand.press('Control+Shift+z');
      await hand.label(at, 'membrane, painted');
      await hand.press('Control+z');
      await hand.label(at, 'untouched');
      await hand.press('Control+y');
      await hand.label(at, 'membrane, painted');
    },
  },
  {
    keys: 'V',
    action: 'interpolates between painted slices',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.press('PageDown');
      await hand.press('PageDown');
      await hand.drag(at, { x: at.x + 30, y: at.y + 6 });
      await hand.press('PageUp');
      await hand.label(at, 'untouched');
      await hand.press('v');
      await hand.press('Enter');
      await hand.label(at, 'membrane, painted');
    },
  },
  {
    keys: 'Shift+V',
    action: 'copies the labels to the next slice',
    story: async (hand) => {
      const at = await hand.stroke();
      await hand.press('Shift+v');
      await hand.press('Enter');
      await hand.press('Home');
      await hand.press('PageDown');
      await hand.slice(2);
      await hand.label(at, 'membrane, painted');
    },
  },
];
