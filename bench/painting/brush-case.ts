import { chooseMenu, Geometry, pictureBox, showOnly, type AppUnderTest } from './app-under-test';
import { paintNaively } from './painted-check';
import { strokePath } from './stroke-path';
import { emptySample, RATE, sampleStroke, type Sample } from './stroke-sample';

/** One stroke in the app between two halves of it on the control page. */
export interface BrushCase {
  readonly name: string;
  readonly view: 'view.fit' | 'view.actualSize';
  /** The slice that it has for itself. */
  readonly z: number;
  /** Image pixels. */
  readonly diameter: number;
  readonly seconds: number;
  readonly label: number;
}

export interface CaseSamples {
  readonly ours: Sample;
  readonly control: Sample;
}

/** Steps of the slider don't meet every size: this near is good enough. */
const NEAR = 0.01;

/** Moves the size slider to a diameter; the one that it tells then. */
async function chooseBrush({ app }: AppUnderTest, diameter: number): Promise<number> {
  const slider = app.page.getByRole('slider', { name: 'Size', exact: true });
  let low = 0;
  let high = 1;
  for (let i = 0; i < 12; i += 1) {
    const middle = (low + high) / 2;
    await slider.fill(middle.toFixed(3));
    const told = Number.parseFloat((await slider.getAttribute('aria-valuetext')) ?? '');
    if (Math.abs(told - diameter) <= NEAR * diameter) return told;
    if (told < diameter) low = middle;
    else high = middle;
  }
  throw new Error(`The brush can't be made ${diameter} px wide.`);
}

/** Paints a case; `expected` (size² label bytes) is painted along by the naive reference. */
export async function paintCase(
  under: AppUnderTest,
  one: BrushCase,
  size: number,
  expected: Uint8Array,
): Promise<CaseSamples> {
  const { app } = under;
  await showOnly(under, app);
  const diameter = await chooseBrush(under, one.diameter);
  await app.page.getByRole('application').focus();
  await app.page.keyboard.press(String(one.label));
  await app.page.keyboard.press('Home');
  for (let z = 0; z < one.z; z += 1) await app.page.keyboard.press('PageDown');
  await chooseMenu(under, one.view);
  await app.page.waitForTimeout(1500);
  const box = await pictureBox(under);
  const { viewWidth, viewHeight, zoom, centre } = Geometry.parse(
    await app.page.evaluate('membranaDrawing.geometry()'),
  );
  const path = strokePath(box, one.seconds, RATE, 0);
  const half = path.length / 2;
  const [ours, control] = [emptySample(), emptySample()];
  await sampleStroke(under, 'control', path.slice(0, half), control);
  await sampleStroke(under, 'app', path, ours);
  await sampleStroke(under, 'control', path.slice(half), control);
  const points = path.map(({ x, y }) => ({
    x: centre.x + (x - box.x - viewWidth / 2) / zoom,
    y: centre.y + (y - box.y - viewHeight / 2) / zoom,
  }));
  paintNaively(expected, size, points, diameter / 2, one.label);
  return { ours, control };
}
