import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { INTENDED_ELECTRON } from '../../electron/intended-runtime';
import { refuseOldRuntime } from './runtime.mjs';

it('a release is packed with the Electron that package.json names, and nothing else is one', () => {
  const intended = INTENDED_ELECTRON;
  expect(readFileSync('package.json', 'utf8')).toContain(`"electron": "${intended}"`);
  expect(() => refuseOldRuntime({ version: '33.2.1', intended, released: true })).toThrow(
    `A release needs Electron ${intended}; set-up found 33.2.1 here.`,
  );
  refuseOldRuntime({ version: intended, intended, released: true });
  refuseOldRuntime({ version: '33.2.1', intended, released: false });
});
