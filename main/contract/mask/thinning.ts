import type { BitPlane } from './bit-plane';

/** Rows between two chances for others to run. */
const PORTION = 64;

/** A plane on its way, with what its steps remember. */
interface Work {
  readonly words: Int32Array;
  readonly stride: number;
  readonly lastBits: number;
  /** The last step that changed something near a word: only words with a change in one of the two steps before are judged again. */
  readonly changed: Int32Array;
  /** The same of whole rows. */
  readonly rows: Int32Array;
  /** The row above, and this one, as they were before the step. */
  above: Int32Array;
  here: Int32Array;
}

/**
 * Thins a plane, in place, to lines that join and part exactly what it did:
 * the two-step rule of Guo and Hall ("Parallel thinning with two-subiteration
 * algorithms", CACM 32, 1989, algorithm A1), 32 pixels at a time. With the
 * neighbours named by the points of the compass, a pixel goes when
 *
 * - its removal joins and parts nothing in its neighbourhood: exactly one of
 *   ¬N∧(NE∨E), ¬E∧(SE∨S), ¬S∧(SW∨W), ¬W∧(NW∨N);
 * - it is no end of a line, and not deep inside: 2 ≤ min(N1, N2) ≤ 3, where N1
 *   counts the pairs NW|N, NE|E, SE|S, SW|W and N2 the pairs N|NE, E|SE, S|SW,
 *   W|NW that hold a pixel;
 * - in odd steps (N∨NE∨¬SE)∧E = 0, in even ones (S∨SW∨¬NW)∧W = 0.
 *
 * All pixels of a step are judged before any of them goes. Steps alternate
 * until two in a row take nothing. Beyond the slice everything counts as
 * membrane and stays: a line that leaves the slice reaches its edge, so that
 * it parts the cells on both sides of it there, too.
 *
 * Yields now and then, so that a caller may let others run or give up.
 */
export function* thinning(plane: BitPlane): Generator<void, void> {
  const { words, stride, height, lastBits } = plane;
  const work: Work = {
    ...{ words, stride, lastBits },
    changed: new Int32Array(words.length).fill(-1),
    rows: new Int32Array(height + 2).fill(-1),
    above: new Int32Array(stride),
    here: new Int32Array(stride),
  };
  let quiet = 0;
  for (let step = 0; quiet < 2; step += 1) {
    let taken = false;
    let copied = 0;
    for (let y = 1; y <= height; y += 1) {
      if (y % PORTION === 0) yield;
      if ((work.rows[y] ?? 0) < step - 2) continue;
      const row = y * stride;
      // Of the row above the copy from before the step, or the row itself where the step has not been there.
      if (copied === y - 1 && y > 1) [work.above, work.here] = [work.here, work.above];
      else work.above.set(words.subarray(row - stride, row));
      work.here.set(words.subarray(row, row + stride));
      copied = y;
      if (!thinRow(work, row, step)) continue;
      taken = true;
      work.rows.fill(step, y - 1, y + 2);
    }
    quiet = taken ? 0 : quiet + 1;
  }
}

/** One step on the row that starts at word `row`; whether something went. */
function thinRow(work: Work, row: number, step: number): boolean {
  const { words, stride, lastBits, changed, above, here } = work;
  const last = stride - 2;
  const odd = step % 2 === 0;
  let taken = false;
  for (let i = 1; i <= last; i += 1) {
    const at = row + i;
    const c = here[i] ?? 0;
    if (c === 0 || (changed[at] ?? 0) < step - 2) continue;
    const n = above[i] ?? 0;
    const s = words[at + stride] ?? 0;
    const w = (c << 1) | ((here[i - 1] ?? 0) >>> 31);
    const e = (c >>> 1) | ((here[i + 1] ?? 0) << 31);
    const nw = (n << 1) | ((above[i - 1] ?? 0) >>> 31);
    const ne = (n >>> 1) | ((above[i + 1] ?? 0) << 31);
    const sw = (s << 1) | ((words[at + stride - 1] ?? 0) >>> 31);
    const se = (s >>> 1) | ((words[at + stride + 1] ?? 0) << 31);
    let goes = c & (odd ? ~((n | ne | ~se) & e) : ~((s | sw | ~nw) & w));
    const n1 = nw | n;
    const e1 = ne | e;
    const s1 = se | s;
    const w1 = sw | w;
    const a = ~n & e1;
    const b = ~e & s1;
    const d = ~s & w1;
    const f = ~w & n1;
    goes &= (a ^ b ^ d ^ f) & ~((a & b) | (d & f));
    if (goes === 0) continue;
    const n2 = n | ne;
    const e2 = e | se;
    const s2 = s | sw;
    const w2 = w | nw;
    goes &=
      ((n1 & e1) | (s1 & w1) | ((n1 | e1) & (s1 | w1))) &
      ((n2 & e2) | (s2 & w2) | ((n2 | e2) & (s2 | w2))) &
      ~(n1 & e1 & s1 & w1 & n2 & e2 & s2 & w2);
    if (i === last) goes &= lastBits;
    if (goes === 0) continue;
    words[at] = c & ~goes;
    taken = true;
    mark(changed, at, stride, step);
    // Its outermost pixels are neighbours of those of the next words.
    if ((goes & 1) !== 0) mark(changed, at - 1, stride, step);
    if (goes < 0) mark(changed, at + 1, stride, step);
  }
  return taken;
}

function mark(changed: Int32Array, at: number, stride: number, step: number): void {
  changed[at - stride] = step;
  changed[at] = step;
  changed[at + stride] = step;
}
