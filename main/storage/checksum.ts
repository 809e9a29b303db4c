import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { parseStrictJson } from '#main/storage/strict-json';

export function checksum(bytes: Uint8Array | string): number {
  return crc32(bytes);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

const Sealed = z.looseObject({ checksum: z.string() });

/** JSON text with a CRC-32 of its own content in the last field, `checksum`. */
export function sealJson(body: Readonly<Record<string, unknown>>, indent = 2): string {
  const content = { ...body };
  delete content['checksum'];
  return JSON.stringify(
    { ...content, checksum: hex(checksum(JSON.stringify(content))) },
    null,
    indent,
  );
}

/**
 * The content of sealed JSON without its checksum; null when the text is no
 * JSON object, holds a `__proto__` key, or does not match its checksum.
 */
export function unsealJson(text: string): Record<string, unknown> | null {
  try {
    const sealed = Sealed.safeParse(parseStrictJson(text));
    if (!sealed.success) return null;
    const { checksum: expected, ...content } = sealed.data;
    return hex(checksum(JSON.stringify(content))) === expected ? content : null;
  } catch {
    return null;
  }
}
