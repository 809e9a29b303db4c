import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { refuseOldRuntime } from './runtime.mjs';

it('a release is packed with the Electron that package.json names, and nothing else is one', () => {
  const source = readFileSync('electron/intended-runtime.ts', 'utf8');
  const intended = /INTENDED_ELECTRON = '([\d.]+)'/.exec(source)?.[1] ?? 'none';
  expect(readFileSync('package.json', 'utf8')).toContain(`"electron": "${intended}"`);
  expect(() => refuseOldRuntime({ version: '33.2.1', intended, released: true })).toThrow(
    `A release needs Electron ${intended}; set-up found 33.2.1 here.`,
  );
  refuseOldRuntime({ version: intended, intended, released: true });
  refuseOldRuntime({ version: '33.2.1', intended, released: false });
});
