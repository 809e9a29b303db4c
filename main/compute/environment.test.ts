import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { computeEnvironment } from './environment';

/** y = x + x over three numbers, as an ONNX file. */
const model =
  'CAg6NQoOCgF4CgF4EgF5IgNBZGQSAWdaDwoBeBIKCggIARIECgIIA2IPCgF5EgoKCAgBEgQKAggDQgIQEQ==';

const run = `
const { InferenceSession, Tensor } = require('onnxruntime-node');
InferenceSession.create(Buffer.from(process.argv[1], 'base64'))
  .then((session) => session.run({ x: new Tensor('float32', [1, 2, 3], [3]) }))
  .then(({ y }) => { console.log(y.data.join(' ')); });
`;

it('lets ONNX Runtime compute without writing its reports into the home folder', async () => {
  const home = await mkdtemp(join(tmpdir(), 'membrana-home-'));
  try {
    const { stdout } = spawnSync(process.execPath, ['-e', run, model], {
      cwd: resolve(import.meta.dirname, '..', '..'),
      encoding: 'utf8',
      // Nothing else may keep it quiet: it is silent on build machines of its own accord.
      env: { HOME: home, ...computeEnvironment({ threads: 1, device: 'cpu' }) },
    });
    expect(stdout.trim()).toBe('2 4 6');
    expect(await readdir(home)).toEqual([]);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
