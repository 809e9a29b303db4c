import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

const record = resolve(import.meta.dirname, '..', '..', '..', '.runtime', 'electron.json');
const Record = z.object({ executable: z.string() });

/** What a process needs around it to find the software Vulkan that Electron brings along, or why there is none. */
export function softwareVulkan():
  { readonly environment: Readonly<Record<string, string>> } | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: 'software Vulkan is used on Linux alone' };
  if (!existsSync(record)) return { missing: 'Electron is not set up here (npm run setup)' };
  const folder = dirname(Record.parse(JSON.parse(readFileSync(record, 'utf8'))).executable);
  const driver = join(folder, 'vk_swiftshader_icd.json');
  const parts = [driver, join(folder, 'libvulkan.so.1'), join(folder, 'libvk_swiftshader.so')];
  const absent = parts.find((part) => !existsSync(part));
  if (absent !== undefined) return { missing: `this Electron has no software Vulkan: ${absent}` };
  return { environment: { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: driver } };
}
