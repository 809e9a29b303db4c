import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Machine, sameMachine, thisMachine } from './machine';

let system: string;
beforeEach(async () => {
  system = await mkdtemp(join(tmpdir(), 'membrana-system-'));
});
afterEach(() => rm(system, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(system, path, '..'), { recursive: true });
  await writeFile(join(system, path), text);
}

it('knows this app and the engines that it is installed with', async () => {
  const machine = await thisMachine(2);
  expect(machine.app).toMatch(/^\d+\.\d+\.\d+/);
  expect(machine.runtime).toMatch(/^Node 2/);
  expect(Object.keys(machine.libraries).sort()).toEqual([
    '@tensorflow/tfjs-node-gpu',
    'onnxruntime-node',
  ]);
  expect(sameMachine(machine, Machine.parse(JSON.parse(JSON.stringify(machine))))).toBe(true);
});

it('is another one with another driver, card or thread count', async () => {
  const none = await thisMachine(2, system);
  expect(none.adapters).toEqual([]);
  await write('proc/driver/nvidia/version', 'NVRM version: 550.54\nGCC version: 12\n');
  const driver = await thisMachine(2, system);
  await write('proc/driver/nvidia/version', 'NVRM version: 560.28\nGCC version: 12\n');
  const newer = await thisMachine(2, system);
  await write('sys/class/drm/card0/device/vendor', '0x1002\n');
  await write('sys/class/drm/card0/device/device', '0x73bf\n');
  await write('sys/class/drm/card0-HDMI-A-1/status', 'connected\n');
  await symlink('../drivers/amdgpu', join(system, 'sys/class/drm/card0/device/driver'));
  const card = await thisMachine(2, system);
  expect(card.adapters).toEqual(['NVRM version: 560.28', '0x1002 0x73bf amdgpu']);
  const all = [none, driver, newer, card, await thisMachine(3, system)];
  for (const [i, one] of all.entries())
    for (const [j, other] of all.entries()) expect(sameMachine(one, other)).toBe(i === j);
});
