import { z } from 'zod';
import {
  chooseMenu,
  drag,
  invokeIn,
  pictureBox,
  type AppUnderTest,
} from '../painting/app-under-test';
import { strokePath } from '../painting/stroke-path';

/** More than it does while anything is measured. */
export const ENDLESS = { MEMBRANA_RETRAIN_STEPS: '100000' };
const FIRST_STEP_MS = 120_000;

const Jobs = z.object({
  ok: z.literal(true),
  value: z.array(
    z.object({ id: z.string(), state: z.string(), done: z.number().optional() }).loose(),
  ),
});

async function steps({ app: { page } }: AppUnderTest): Promise<number> {
  const jobs = Jobs.parse(await invokeIn(page, 'jobs.list', null)).value;
  const failed = jobs.find(({ state }) => state === 'failed');
  if (failed) throw new Error(`The training failed: ${JSON.stringify(failed['error'])}`);
  return jobs.find(({ state }) => state === 'running')?.done ?? -1;
}

/** Paints a correction and has the app retrain on it; resolves when steps are done. Returns how many steps are done by now. */
export async function startTraining(under: AppUnderTest): Promise<() => Promise<number>> {
  const { page } = under.app;
  await drag(under, under.app, strokePath(await pictureBox(under), 2, 160, 0), 160);
  await page.waitForTimeout(500);
  await chooseMenu(under, 'model.retrain');
  const until = Date.now() + FIRST_STEP_MS;
  while ((await steps(under)) < 1) {
    if (Date.now() > until) throw new Error('The training did not begin.');
    await page.waitForTimeout(500);
  }
  return () => steps(under);
}
