import { join, resolve } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false } },
  },
  ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
});

/** What the lint says about an import, as if it stood in the given file. */
async function complaint(file: string, source: string): Promise<string> {
  const results = await eslint.lintText(`${source}\n`, { filePath: join(root, file) });
  return results.flatMap(({ messages }) => messages.map(({ message }) => message)).join('\n');
}

const planted = [
  {
    source: "import { ipcMain } from 'electron';",
    closed: 'main/jobs/job-queue.ts',
    open: 'main/ipc/register.ts',
    door: 'main/contract/commands.ts',
  },
  {
    source: "import Konva from 'konva';",
    closed: 'renderer/trusted-types.ts',
    open: 'renderer/canvas/stage.ts',
    door: 'renderer/canvas',
  },
  {
    source: "import '@tensorflow/tfjs';",
    closed: 'model/engines/engine.ts',
    open: 'model/engines/tensorflow/binding.ts',
    door: 'Engine interface',
  },
  {
    source: "require('@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');",
    closed: 'main/jobs/job-queue.ts',
    open: 'model/engines/tensorflow/binding.ts',
    door: 'Engine interface',
  },
  {
    source: "import { fromFile } from 'geotiff';",
    closed: 'main/stacks/stack-source.ts',
    open: 'main/stacks/tiff/decode-block.ts',
    door: 'StackSource',
  },
  {
    source: "import { readFile } from 'node:fs/promises';",
    closed: 'main/models/model-folder.ts',
    open: 'main/storage/node-file-system.ts',
    door: 'main/storage',
  },
];

describe('the lint', () => {
  it.each(planted)(
    'says which door to take for $source',
    async ({ source, closed, open, door }) => {
      expect(await complaint(closed, source)).toContain(door);
      expect(await complaint(open, source)).toBe('');
    },
  );
});
