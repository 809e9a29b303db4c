import { expect } from '@playwright/test';
import { ENGINE_MS } from '../workspace';
import type { BindingRow, Hand } from './hand';

/** A job begins, and is cancelled at once: what it makes is another story. */
async function begins(hand: Hand, key: string, title: RegExp): Promise<void> {
  await hand.press(key);
  const job = hand.page.getByRole('article', { name: title });
  await expect(job).toBeVisible();
  await job.getByRole('button', { name: /^Cancel/ }).click();
  await expect(job).toBeHidden({ timeout: ENGINE_MS });
}

/** A key opens a dialog, Escape closes it, and the focus is where it was. */
const opens = (key: string, name: string) => async (hand: Hand) => {
  await hand.press(key);
  const dialog = hand.page.getByRole('dialog', { name });
  await expect(dialog).toBeVisible();
  await hand.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(hand.work.picture).toBeFocused();
};

/** Segment, review, train, save, help. Slice 1 is segmented. */
export const loopRows: readonly BindingRow[] = [
  {
    keys: 'S',
    action: 'segments the slice',
    story: (hand) => begins(hand, 's', /segment/i),
  },
  {
    keys: 'Shift+S',
    action: 'segments the stack',
    story: (hand) => begins(hand, 'Shift+s', /segment/i),
  },
  {
    keys: 'Ctrl+T',
    action: 'retrains on what was corrected',
    story: async (hand) => {
      await hand.stroke();
      await expect(hand.work.saved).toHaveText('Saved');
      await begins(hand, 'Control+t', /train/i);
    },
  },
  {
    keys: 'Enter',
    action: 'outlines a region, and Enter confirms it as right',
    story: async (hand) => {
      const at = await hand.spot();
      await hand.press('Enter');
      await hand.tool('Confirm region');
      await hand.holding('Shift', () =>
        hand.drag({ x: at.x - 14, y: at.y - 14 }, { x: at.x + 14, y: at.y + 14 }),
      );
      await hand.press('Enter');
      await hand.label(at, 'confirmed');
      await hand.press('Control+z');
      await hand.label(at, 'untouched');
    },
  },
  {
    keys: 'Shift+Enter',
    action: 'confirms the whole slice',
    story: async (hand) => {
      const at = await hand.spot();
      await hand.press('Shift+Enter');
      await expect(hand.page.getByText('Slice 1 confirmed.')).toBeVisible();
      await hand.label(at, 'confirmed');
      await hand.press('Control+z');
      await hand.label(at, 'untouched');
    },
  },
  {
    keys: 'Ctrl+S',
    action: 'saves a state under a name; saving itself is continuous',
    story: async (hand) => {
      await expect(hand.work.saved).toHaveText('Saved');
      await hand.press('Control+s');
      const dialog = hand.page.getByRole('dialog', { name: 'Saved states' });
      await expect(dialog).toContainText('Saving is continuous');
      await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue(/^State 1/);
      await hand.page.keyboard.press('Enter');
      await expect(hand.page.getByText(/^Saved as “State 1/)).toBeVisible();
      await expect(dialog).toBeHidden();
    },
  },
  {
    keys: 'Shift+P',
    action: 'opens the timeline of model versions',
    story: opens('Shift+P', 'Timeline'),
  },
  {
    keys: 'Shift+H',
    action: 'asks which version changed the place',
    story: opens('Shift+H', 'Which version changed this place?'),
  },
  { keys: '?', action: 'shows the shortcuts', story: opens('?', 'Keyboard shortcuts') },
  { keys: 'Ctrl+K', action: 'opens the palette', story: opens('Control+k', 'Commands') },
  { keys: 'Ctrl+,', action: 'opens the settings', story: opens('Control+Comma', 'Settings') },
  {
    keys: 'Esc',
    action: 'drops the stroke in the hand',
    story: async (hand) => {
      const at = await hand.spot();
      await hand.page.mouse.move(at.x, at.y);
      await hand.page.mouse.down();
      await hand.page.mouse.move(at.x + 30, at.y, { steps: 4 });
      await hand.page.keyboard.press('Escape');
      await hand.page.mouse.up();
      await hand.label(at, 'untouched');
    },
  },
];
