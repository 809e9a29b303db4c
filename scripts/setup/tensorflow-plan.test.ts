import { expect, it } from 'vitest';
import { planTensorflow } from './tensorflow-plan.mjs';

const never = { added: false, ready: false, failed: false };
const failed = { added: false, ready: false, failed: true };
const ready = { added: true, ready: true, failed: false };
/** Another version is due, or `npm ci` took the binding away. */
const stale = { added: true, ready: false, failed: false };

it.each([
  ['a fresh machine starts without it', 'keep', never, 'leave out'],
  ['a failed attempt is not repeated by a start', 'keep', failed, 'leave out'],
  ['once added it stays', 'keep', ready, 'nothing'],
  ['once added it is put back', 'keep', stale, 'install'],
  ['the tests try it', 'try', never, 'install'],
  ['the tests say why it failed and do not wait for it again', 'try', failed, 'say why not'],
  ['the tests use what is there', 'try', ready, 'nothing'],
  ['the tests put it back', 'try', stale, 'install'],
  ['asked for by name, it is added', 'add', never, 'install'],
  ['asked for by name, it is tried again', 'add', failed, 'install'],
  ['asked for by name, it is looked over', 'add', ready, 'install'],
  ['asked for by name, it is put back', 'add', stale, 'install'],
] as const)('%s', (_what, wish, found, plan) => {
  expect(planTensorflow(wish, found)).toBe(plan);
});
