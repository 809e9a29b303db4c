import type { BytePicture } from './exported-mask';
import type { Workspace } from './workspace';

/** Edge of the square in the middle of the picture that is looked at: nothing floats over it. */
const SIDE = 400;

/** Which pixels of that square an overlay tints, `yellow`: in the first colour of a class alone; as 0 and 1 row by row. */
export function tintedSquare(work: Workspace, colour: 'any' | 'yellow'): Promise<string> {
  return work.picture
    .locator('canvas')
    .first()
    .evaluate(
      (canvas, [side, wanted]) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
        const { width, height } = canvas;
        const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
        const data = canvas.getContext('2d')?.getImageData(left, top, side, side).data;
        if (!data) throw new Error('the canvas can not be read');
        let marks = '';
        for (let i = 0; i < side * side; i += 1) {
          const [red = 0, green = 0, blue = 0] = data.subarray(4 * i, 4 * i + 3);
          // Membrane is orange: red and green are apart in that.
          const fits = wanted === 'any' || Math.abs(red - green) < 24;
          marks += red - blue > 24 && fits ? '1' : '0';
        }
        return marks;
      },
      [SIDE, colour] as const,
    );
}

/** How many pixels are marked. */
export const amountOf = (marks: string): number => marks.replaceAll('0', '').length;

/** Pixels that the square and the file have differently, one device pixel an image pixel; the view may stand half a pixel off, so the best of nine places counts. */
export function apart(file: BytePicture, marks: string): number {
  const [left, top] = [(file.width - SIDE) / 2, (file.height - SIDE) / 2];
  let best = Infinity;
  for (const dy of [-1, 0, 1])
    for (const dx of [-1, 0, 1]) {
      let wrong = 0;
      for (let i = 0; i < SIDE * SIDE && wrong < best; i += 1) {
        const [x, y] = [left + dx + (i % SIDE), top + dy + Math.floor(i / SIDE)];
        if ((file.bytes[y * file.width + x] === 255) !== (marks[i] === '1')) wrong += 1;
      }
      best = Math.min(best, wrong);
    }
  return best;
}
