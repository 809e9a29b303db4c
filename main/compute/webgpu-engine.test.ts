import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bundleEntry } from './testing/bundle';
import { softwareVulkan } from './testing/software-vulkan';

/** Every shader is compiled for the CPU at first use: a minute on a quiet machine, several on a busy one. */
const patience = 900_000;

const Check = z.object({
  check: z.enum(['gradient', 'updates', 'prediction']),
  name: z.string(),
  error: z.number(),
});
const Refusal = z.object({ code: z.string(), message: z.string(), hint: z.string() });
type Line = z.infer<typeof Check> | z.infer<typeof Refusal>;

async function linesOf(entry: string, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines: Line[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    lines.push(z.union([Check, Refusal]).parse(JSON.parse(line)));
  const code = await ended;
  if (code !== 0) throw new Error(`The process ended with ${String(code)}: ${complaints}`);
  return lines;
}

const vulkan = softwareVulkan();
const missing = 'missing' in vulkan ? `: left out, ${vulkan.missing}` : '';
const environment = 'environment' in vulkan ? vulkan.environment : {};

describe.skipIf(missing !== '')(`the WebGPU provider over software Vulkan${missing}`, () => {
  let entry = '';
  let checks: readonly z.infer<typeof Check>[] = [];

  beforeAll(async () => {
    entry = await bundleEntry('model/engines/testing/webgpu-entry.ts');
    checks = z.array(Check).parse(await linesOf(entry, environment));
  }, patience);

  const errorsOf = (check: string) => checks.filter((each) => each.check === check);

  it('has the gradient of the reference for every kind of layer, one crop or two', () => {
    expect(errorsOf('gradient').length).toBeGreaterThan(20);
    expect(errorsOf('gradient').filter(({ error }) => !(error < 1e-3))).toEqual([]);
  });

  it('has the weights of the reference after 20 updates', () => {
    expect(errorsOf('updates')).toHaveLength(2);
    expect(errorsOf('updates').filter(({ error }) => !(error <= 1e-4))).toEqual([]);
  });

  it('predicts what the reference does', () => {
    expect(errorsOf('prediction')).toHaveLength(2);
    expect(errorsOf('prediction').filter(({ error }) => !(error < 5e-5))).toEqual([]);
  });

  it('says in plain words that there is no graphics card', async () => {
    const nothing = { ...environment, VK_ICD_FILENAMES: '/nowhere.json' };
    const [refusal, ...more] = await linesOf(entry, nothing);
    expect(more).toEqual([]);
    const { code, message, hint } = Refusal.parse(refusal);
    expect(code).toBe('engine.unavailable');
    expect(message).toMatch(/^No graphics card was found/);
    expect(hint).toMatch(/Choose the CPU/);
  });
});
