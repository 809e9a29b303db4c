import { describe, expect, it } from 'vitest';
import type { ByteField } from '../byte-field';
import { randomFrom } from '../testing/random-fields';
import { gapPath } from './gap-path';
import { DIAGONAL, ridgeCost, STRAIGHT } from './ridge-path';
import { FAR, spread } from './spread';

const field = (width: number, height: number, byte: (x: number, y: number) => number): ByteField => ({
  rect: { x: 40, y: 30, width, height },
  data: Uint8Array.from({ length: width * height }, (_, i) => byte(i % width, Math.floor(i / width))),
});
