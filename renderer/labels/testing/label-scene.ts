import fc from 'fast-check';
import { confirmed, INTERIOR, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import type { LabelSession } from '../label-session';
import { MemoryDisk } from '../memory-disk';
import { everywhere } from '../paint-mode';
import { areaFromMask, areaOfRect, maskOfArea, type PixelArea } from '../pixel-area';

export const WIDTH = 600;
export const HEIGHT = 560;
export const slice = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
/** A window over the corner where four tiles meet: the scene of the edits. */
export const scene = { x: 480, y: 476, width: 72, height: 76 };
const MITOCHONDRION = 5;
export const sceneLabels = [
  UNTOUCHED,
  INTERIOR,
  MEMBRANE,
  MITOCHONDRION,
  VOID,
  confirmed(INTERIOR),
  confirmed(MEMBRANE),
  confirmed(VOID),
];

/** Labels of the scene, in patches of some pixels, the same for the same seed. */
export function patchwork(seed: number): Uint8Array {
  return Uint8Array.from({ length: scene.width * scene.height }, (_, i) => {
    const [column, row] = [Math.floor((i % scene.width) / 6), Math.floor(i / scene.width / 5)];
    const hash = Math.imul(column * 31 + row * 577 + seed * 7919, 0x9e3779b1) >>> 24;
    return sceneLabels[hash % sceneLabels.length] ?? 0;
  });
}

/** Any part of the scene, in rough blocks. */
export const anyPart: fc.Arbitrary<PixelArea> = fc
  .uint8Array({ minLength: 40, maxLength: 40 })
  .map((bits) =>
    areaFromMask(
      Uint8Array.from({ length: scene.width * scene.height }, (_, i) => {
        const [column, row] = [Math.floor((i % scene.width) / 9), Math.floor(i / scene.width / 15)];
        return (bits[row * 8 + column] ?? 0) & 1;
      }),
      scene,
    ),
  );
export const anySeed = fc.integer({ min: 1, max: 400 });

/** A session whose slice 0 is loaded, and what a test asks of the scene in it. */
export class LabelScene {
  private constructor(readonly session: LabelSession) {}

  static async open(): Promise<LabelScene> {
    const session = new MemoryDisk().session(WIDTH, HEIGHT);
    await session.load(0, slice);
    return new LabelScene(session);
  }

  /** Writes labels to the whole scene, as one step. */
  paint(bytes: Uint8Array): void {
    this.session.write(0, 'Scene', areaOfRect(scene, WIDTH, HEIGHT), bytes, everywhere);
  }

  read(): Uint8Array {
    const field = this.session.readField(0, scene);
    if (!field) throw new Error('not loaded');
    return field.data;
  }

  /** Every label byte outside the scene is untouched. */
  isAlone(): boolean {
    const all = this.session.readField(0, slice);
    const inside = maskOfArea(areaOfRect(scene, WIDTH, HEIGHT), slice);
    return all?.data.every((byte, i) => byte === UNTOUCHED || inside[i] === 1) ?? false;
  }

  /** Undoes the edit (if it changed anything) and the scene; what is wrong then, or null. */
  wrongAfterUndo(before: Uint8Array, changed: number): string | null {
    if (!this.isAlone()) return 'pixels outside the scene were changed';
    if (changed > 0) this.session.undo();
    const back = this.read();
    if (back.some((byte, i) => byte !== before[i])) return 'undo did not bring the scene back';
    while (this.session.undo());
    return this.read().some((byte) => byte !== UNTOUCHED) ? 'the scene stayed' : null;
  }
}
