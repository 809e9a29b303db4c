import { describe, expect, it } from 'vitest';
import type { ElementType } from '#contract/entities';
import { takenRange, toProbability, type ValueSurvey } from './prediction-range';

const auto = { kind: 'auto' } as const;

const survey = (type: ElementType, values: readonly number[]): ValueSurvey => ({
  type,
  least: Math.min(...values),
  most: Math.max(...values),
  twoValues: new Set(values).size < 3,
  numbers: values.length,
});

describe('what a prediction’s values mean', () => {
  it.each<[string, ElementType, number[], number[]]>([
    ['0 to 1', 'float32', [0, 0.25, 0.9], [0, 0.25, 0.9]],
    ['0 to 1 with a little overshoot', 'float32', [-0.004, 0.5, 1.003], [0, 0.5, 1]],
    ['0 to 255 in bytes', 'uint8', [0, 51, 255], [0, 0.2, 1]],
    ['0 to 255 in floats', 'float32', [0, 51, 254.5], [0, 0.2, 254.5 / 255]],
    ['0 to 255 in 16 bits', 'uint16', [0, 51, 255], [0, 0.2, 1]],
    ['0 to 65,535', 'uint16', [0, 13_107, 65_000], [0, 0.2, 65_000 / 65_535]],
    ['0 to 65,535 in floats', 'float32', [0, 13_107, 65_000], [0, 0.2, 65_000 / 65_535]],
    ['−128 to 127', 'int8', [-128, -77, 127], [0, 0.2, 1]],
    ['0 to 127 in int8', 'int8', [0, 12.7, 127], [0, 0.1, 1]],
    ['a mask of 0 and 1 in bytes', 'uint8', [0, 1], [0, 1]],
    ['a mask of 0 and 1 in floats', 'float32', [0, 1], [0, 1]],
    ['a mask of 0 and 255', 'uint16', [0, 255], [0, 1]],
    ['a mask of 0 and 65,535', 'uint16', [0, 65_535], [0, 1]],
    ['zeros', 'uint8', [0, 0], [0, 0]],
    ['logits', 'float32', [-6, 0, 4], [1 / (1 + Math.exp(6)), 0.5, 1 / (1 + Math.exp(-4))]],
  ])('is told: %s', (_, type, values, probabilities) => {
    const range = takenRange(auto, survey(type, values));
    values.forEach((value, i) => {
      expect(toProbability(value, range, false)).toBeCloseTo(probabilities[i] ?? NaN, 9);
      expect(toProbability(value, range, true)).toBeCloseTo(1 - (probabilities[i] ?? NaN), 9);
    });
  });

  it.each<[string, ElementType, number[]]>([
    ['percent in bytes', 'uint8', [0, 40, 100]],
    ['percent in floats', 'float32', [0, 40.5, 100]],
    ['12 bits', 'uint16', [0, 900, 4095]],
    ['−1 to 1', 'float32', [-1, 0.2, 1]],
    ['logarithms', 'float32', [-9, -2, -0.1]],
    ['label ids', 'uint32', [0, 5, 70_123]],
    ['probabilities and −9999 where there is no data', 'float32', [-9999, 0.1, 0.99]],
    ['probabilities and −5 where there is no data', 'float32', [-5, 0.1, 0.99]],
    ['0 to 255 and −3.4e38 where there is no data', 'float32', [-3.4e38, 7, 255]],
    ['just beyond 1', 'float32', [0, 0.5, 1.6]],
    ['no number at all', 'float32', []],
  ])('is asked for where it can be meant in two ways: %s', (_, type, values) => {
    const seen = survey(type, values);
    expect(() => takenRange(auto, seen)).toThrow(
      expect.objectContaining({ code: 'prediction.range-unclear' }) as Error,
    );
    const told = takenRange({ kind: 'linear', from: 0, to: 100 }, seen);
    expect(toProbability(40, told, false)).toBe(0.4);
  });
});
