import { expect, it } from 'vitest';
import { setupOptions } from './options.mjs';

it.each([
  { typed: 'npm run setup', args: [], env: {}, wish: 'keep' },
  { typed: 'npm run setup -- --tensorflow', args: ['--tensorflow'], env: {}, wish: 'add' },
  {
    typed: 'npm run setup --tensorflow',
    args: [],
    env: { npm_config_tensorflow: 'true' },
    wish: 'add',
  },
  {
    typed: 'npm run setup --no-tensorflow',
    args: [],
    env: { npm_config_tensorflow: '' },
    wish: 'keep',
  },
])('takes "$typed" as a wish to $wish TensorFlow', ({ args, env, wish }) => {
  expect(setupOptions(args, env)).toEqual({ quiet: false, tensorflow: wish });
});

it('refuses a word that it does not know, instead of setting up something else', () => {
  expect(() => setupOptions(['--tensorflwo'], {})).toThrow(/--tensorflwo/);
  expect(() => setupOptions(['tensorflow'], {})).toThrow(/tensorflow/);
});
