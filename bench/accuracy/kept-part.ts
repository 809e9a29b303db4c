import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '#main/storage/atomic-file';
import { Part } from './part';

const Kept = z.object({ made: z.string(), from: z.string(), part: Part });

/** Of everything that a part depends on: files by their bytes, the rest as text. */
export function fingerprint(files: readonly string[], settings: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** The part that an earlier run finished from the same code and settings, else a new one, which is kept. */
export async function keptPart(
  path: string,
  from: string,
  make: () => Promise<Part>,
): Promise<Part> {
  if (existsSync(path)) {
    const kept = Kept.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (kept.success && kept.data.from === from && existsSync(kept.data.part.maps)) {
      process.stderr.write(`${kept.data.part.name}: kept from ${kept.data.made}\n`);
      return kept.data.part;
    }
  }
  const part = await make();
  await mkdir(dirname(path), { recursive: true });
  const made = new Date().toISOString();
  await writeFileAtomic(path, Buffer.from(JSON.stringify({ made, from, part }, null, 1)));
  return part;
}
