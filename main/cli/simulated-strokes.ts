import { painted, INTERIOR, MEMBRANE } from '#contract/label-byte';
import type { LabelPatch, TilePatch } from '#contract/label-patch';
import type { StackId } from '#contract/ids';
import { TILE_SIZE, tileRect, tilesIn } from '#contract/tiles';

const RADIUS = 4;
/** Grid on which strokes are tried, so that they are spread over the slice. */
const SPACING = 24;
/** Disks with fewer disagreeing pixels are not worth a click. */
const FEWEST_WRONG = 10;

export interface SliceMasks {
  readonly width: number;
  readonly height: number;
  /** 1 = membrane: what the model says, and what it should say. */
  readonly now: Uint8Array;
  readonly wanted: Uint8Array;
}

/** Label bytes of a user who clicks a small disk wherever the mask is wrong, at most `most` times. */
export function simulatedLabels(
  masks: SliceMasks,
  most: number,
): { labels: Uint8Array; strokes: number } {
  const { width, height, now, wanted } = masks;
  const labels = new Uint8Array(width * height);
  const tries: { x: number; y: number; wrong: number }[] = [];
  const inDisk = (x: number, y: number, visit: (index: number) => void): void => {
    for (let dy = -RADIUS; dy <= RADIUS; dy += 1)
      for (let dx = -RADIUS; dx <= RADIUS; dx += 1)
        if (dx * dx + dy * dy <= RADIUS * RADIUS) visit((y + dy) * width + x + dx);
  };
  for (let y = SPACING / 2; y < height - RADIUS; y += SPACING) {
    for (let x = SPACING / 2; x < width - RADIUS; x += SPACING) {
      let wrong = 0;
      inDisk(x, y, (i) => {
        if (now[i] !== wanted[i]) wrong += 1;
      });
      if (wrong >= FEWEST_WRONG) tries.push({ x, y, wrong });
    }
  }
  tries.sort((a, b) => b.wrong - a.wrong);
  const chosen = tries.slice(0, most);
  for (const { x, y } of chosen)
    inDisk(x, y, (i) => {
      labels[i] = painted(wanted[i] === 1 ? MEMBRANE : INTERIOR);
    });
  return { labels, strokes: chosen.length };
}

/** Labels painted on an untouched slice, as the patch that a window would send. */
export function patchOf(
  labels: Uint8Array,
  place: {
    stack: StackId;
    layer: string;
    z: number;
    sequence: number;
    width: number;
    height: number;
  },
): LabelPatch {
  const { stack, layer, z, sequence, width, height } = place;
  const whole = { x: 0, y: 0, width, height };
  const tiles = tilesIn(whole, width, height).flatMap((address): TilePatch[] => {
    const rect = tileRect(address, width, height);
    const runs: number[] = [];
    const after: number[] = [];
    for (let y = 0; y < rect.height; y += 1) {
      for (let x = 0; x < rect.width; x += 1) {
        const value = labels[(rect.y + y) * width + rect.x + x] ?? 0;
        if (value === 0) continue;
        const at = y * TILE_SIZE + x;
        const last = runs.length - 2;
        if (last >= 0 && (runs[last] ?? 0) + (runs[last + 1] ?? 0) === at)
          runs[last + 1] = (runs[last + 1] ?? 0) + 1;
        else runs.push(at, 1);
        after.push(value);
      }
    }
    if (runs.length === 0) return [];
    return [
      {
        ...address,
        runs: Uint32Array.from(runs),
        before: { kind: 'uniform', value: 0 },
        after: { kind: 'pixels', values: Uint8Array.from(after) },
      },
    ];
  });
  return { stack, layer, element: 'uint8', z, sequence, action: 'do', name: 'Brush', tiles };
}
