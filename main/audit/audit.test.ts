import { describe, expect, it } from 'vitest';
import { Audit, type AuditAnswer, type AuditPlace } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { BitPlane } from '#contract/mask/bit-plane';
import { encodeAudit, parseAudit } from '../project/work/audit-file';
import { auditResult } from './audit-result';
import { auditSentence } from './audit-sentence';
import { drawFrames } from './draw-frames';
import { lineLength } from './line-length';

const place = (answer: AuditAnswer | null, micrometres: number | null = 2): AuditPlace => ({
  ...{ z: 0, x: 0, y: 0, width: 64, height: 64 },
  ...{ pixels: 500, micrometres, answer },
});
const audit = (places: AuditPlace[]): Audit => ({
  created: '2026-12-01T00:00:00.000Z',
  seed: 7,
  state: { model: ModelId.parse('m-1'), mask: { pixel: 0.5, cells: 0.2 }, sequence: 4 },
  frames: 640,
  slices: 10,
  places,
});

/** Numbers in [0, 1) from a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('places of an audit', () => {
  it('cut slices of any size without gap or overlap, and all together are the slices', () => {
    for (const size of [
      { width: 512, height: 512 },
      { width: 131, height: 97 },
      { width: 10, height: 700 },
    ]) {
      const { frames, all } = drawFrames(size, [3, 8], 1000, 1);
      expect(frames).toHaveLength(all);
      const seen = new Uint8Array(size.width * size.height);
      for (const { z, x, y, width, height } of frames)
        if (z === 8)
          for (let row = y; row < y + height; row += 1)
            for (let column = x; column < x + width; column += 1)
              seen[row * size.width + column] = (seen[row * size.width + column] ?? 0) + 1;
      expect(seen.every((times) => times === 1)).toBe(true);
    }
  });

  it('are the same for the same seed, never one twice, and each as likely as any other', () => {
    const size = { width: 256, height: 256 };
    const draw = (seed: number) => drawFrames(size, [0, 1], 8, seed).frames;
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    const times = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed += 1) {
      const keys = draw(seed).map(({ z, x, y }) => [z, x, y].join());
      expect(new Set(keys).size).toBe(8);
      for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
    }
    // 2000 draws of a quarter of 32 frames: 500 each, standard deviation 19.4.
    expect(times.size).toBe(32);
    for (const count of times.values()) expect(Math.abs(count - 500)).toBeLessThan(5 * 19.4);
  });
});

describe('the length of a line', () => {
  const drawn = (points: readonly (readonly [number, number])[]): BitPlane => {
    const plane = new BitPlane(200, 200);
    plane.clear();
    for (const [x, y] of points) plane.setRow(y, x, Uint8Array.of(255), 0, 1, 1);
    return plane;
  };
  const whole = { x: 0, y: 0, width: 200, height: 200 };

  it('is that of straight lines in any direction, to 6 in a hundred, and on the average to 1', () => {
    let sum = 0;
    const angles = Array.from({ length: 30 }, (_, i) => ((i + 0.5) / 30) * Math.PI);
    for (const angle of angles) {
      const plane = new BitPlane(200, 200);
      plane.clear();
      const steep = Math.abs(Math.sin(angle)) > Math.abs(Math.cos(angle));
      const long = Math.max(Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle)));
      for (let i = -60; i <= 60; i += 1) {
        const [dx, dy] = [(Math.cos(angle) / long) * i, (Math.sin(angle) / long) * i];
        const [x, y] = steep
          ? [Math.round(100 + dx), 100 + Math.round(dy)]
          : [100 + Math.round(dx), Math.round(100 + dy)];
        plane.setRow(y, x, Uint8Array.of(255), 0, 1, 1);
      }
      const share = lineLength(plane, whole, { x: 1, y: 1 }) / (120 / long);
      expect(Math.abs(share - 1)).toBeLessThan(0.06);
      sum += share;
    }
    expect(Math.abs(sum / angles.length - 1)).toBeLessThan(0.01);
  });

  it('adds up over frames, counts no corner twice, and knows pixels that are not square', () => {
    const line = drawn([
      [10, 10],
      [11, 10],
      [11, 11],
      [12, 12],
      [11, 13],
    ]);
    const all = lineLength(line, whole, { x: 1, y: 1 });
    expect(all / 0.94806).toBeCloseTo(2 + 2 * Math.SQRT2, 3);
    let parts = 0;
    for (const { x, y, width, height } of drawFrames({ width: 200, height: 200 }, [0], 99, 1)
      .frames)
      parts += lineLength(line, { x, y, width, height }, { x: 1, y: 1 });
    expect(parts).toBeCloseTo(all);
    expect(
      lineLength(
        drawn([
          [5, 5],
          [5, 6],
        ]),
        whole,
        { x: 1, y: 3 },
      ) / 0.94806,
    ).toBeCloseTo(3, 3);
  });
});

describe('what an audit comes to', () => {
  it('is errors over the membrane that was looked at; what was skipped is not looked at', () => {
    const result = auditResult(
      audit([
        ...Array.from({ length: 6 }, () => place('right')),
        place('merged'),
        place('skipped'),
        place('split'),
        place(null),
      ]),
    );
    expect(result).toMatchObject({ answered: 8, skipped: 1, length: 16, unit: 'µm' });
    expect(result.merges?.rate).toBeCloseTo(1 / 16);
    expect(result.merges?.low).toBeCloseTo(0.02532 / 16, 4);
    expect(result.merges?.high).toBeCloseTo(5.5716 / 16, 4);
  });

  it('is per 1,000 pixels where the pixel size is not known, and the sentence says so', () => {
    const asked = audit([
      ...Array.from({ length: 4 }, () => place('right', null)),
      place('merged', null),
    ]);
    const result = auditResult(asked);
    expect(result).toMatchObject({ length: 2.5, unit: '1,000 px' });
    expect(auditSentence(asked, result, 'general')).toMatch(
      /model general.*5 places.*seed 7.*640 frames of 10 slices.*2,500 pixels of membrane in the mask.*1 merge, 0\.4 per 1,000 px \(95 % interval 0\.01–2\.2\), and 0 splits, 0 per 1,000 px \(95 % interval 0–1\.5\)/,
    );
    const nothing = audit([place(null)]);
    expect(auditSentence(nothing, auditResult(nothing), 'general')).toBeNull();
  });

  /**
   * Errors strewn over the walls of ten slices, 60 places of them looked at,
   * 400 times. The walls are a grid, so that every frame's length is known.
   */
  it('holds the true rate of errors in 95 of 100 audits or a few more, as exact intervals do', () => {
    const size = { width: 512, height: 512 };
    const slices = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let held = 0;
    const audits = 400;
    for (let seed = 0; seed < audits; seed += 1) {
      const random = numbers(seed + 1);
      const wallsAt = 200 + 100 * random();
      const errors = new Map<string, number>();
      let total = 0;
      const frames = drawFrames(size, slices, 640, 0).frames;
      for (const { z, x, y } of frames) {
        // A quarter of the frames has no wall at all.
        const length = (x + y + z) % 4 === 0 ? 0 : wallsAt;
        const has = random() < 1 - Math.exp(-length * 0.0004);
        errors.set([z, x, y].join(), has ? 1 : 0);
        total += length;
      }
      const truth = [...errors.values()].reduce((sum, one) => sum + one, 0) / total;
      const asked = audit(
        drawFrames(size, slices, 60, seed).frames.map((frame) => ({
          ...frame,
          pixels: 1,
          micrometres: (frame.x + frame.y + frame.z) % 4 === 0 ? 0 : wallsAt,
          answer: errors.get([frame.z, frame.x, frame.y].join()) === 1 ? 'merged' : 'right',
        })),
      );
      const { merges } = auditResult(asked);
      if (merges !== null && merges.low <= truth && truth <= (merges.high ?? Infinity)) held += 1;
    }
    expect(held / audits).toBeGreaterThan(0.945);
    expect(held / audits).toBeLessThan(1);
  });
});

describe('places with several errors', () => {
  /** Errors of both kinds at random, so many a slice of 256 frames, one of them answered a frame; 50 places, 300 times. */
  it.each([30, 60, 120, 300])('do not make the interval miss: %i errors a slice', (errors) => {
    const length = 10;
    let held = 0;
    const audits = 300;
    for (let seed = 0; seed < audits; seed += 1) {
      const random = numbers(seed + 1);
      const poisson = (mean: number): number => {
        let events = 0;
        for (let left = Math.exp(-mean), product = random(); product > left; product *= random())
          events += 1;
        return events;
      };
      const answer = (): AuditAnswer => {
        const [merges, splits] = [poisson(errors / 512), poisson(errors / 512)];
        if (merges + splits === 0) return 'right';
        return random() < merges / (merges + splits) ? 'merged' : 'split';
      };
      const { merges } = auditResult(
        audit(Array.from({ length: 50 }, () => place(answer(), length))),
      );
      const truth = errors / 512 / length;
      if (merges !== null && merges.low <= truth && truth <= (merges.high ?? Infinity)) held += 1;
    }
    expect(held / audits).toBeGreaterThan(0.92);
  });

  it('are told as a lower bound in the sentence', () => {
    const asked = audit([place('merged'), place('split'), place('right')]);
    const sentence = auditSentence(asked, auditResult(asked), 'general');
    expect(sentence).toContain('1 merge, at least 0.0042 per µm');
    expect(sentence).toContain('only 95 % lower bounds are given');
  });
});

describe('audit.json', () => {
  it('gives back what was written, and nothing where it is damaged or claims too much', () => {
    const kept = audit([place('merged'), place(null)]);
    const bytes = encodeAudit(kept);
    expect(parseAudit(bytes)).toEqual(kept);
    const damaged = Uint8Array.from(bytes);
    damaged[30] = (damaged[30] ?? 0) ^ 1;
    expect(parseAudit(damaged)).toBeNull();
    expect(parseAudit(bytes.subarray(0, 90))).toBeNull();
    expect(
      parseAudit(encodeAudit(audit(Array.from({ length: 1001 }, () => place(null))))),
    ).toBeNull();
  });
});
