import { expect, it } from 'vitest';
import { passesOf } from './segment-passes';

const processor = { engine: 'onnx', device: 'cpu', threads: 2 } as const;
const card = { engine: 'onnx', device: 'gpu', provider: 'webgpu', threads: 2 } as const;

it('segments fast in 8 bits where the engine has them, and in floats elsewhere', () => {
  expect(passesOf('fast', processor)).toEqual({ tta: false, fast: true });
  expect(passesOf('fast', card)).toEqual({ tta: false, fast: false });
  expect(passesOf('fast', { ...processor, engine: 'tensorflow' })).toMatchObject({ fast: false });
});

it('segments carefully by eight flips and turns, and else in one pass', () => {
  expect(passesOf('careful', card)).toEqual({ tta: true });
  expect(passesOf('standard', processor)).toEqual({ tta: false });
});
