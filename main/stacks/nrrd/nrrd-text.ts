import { corruptRaw } from '../raw/raw-info';
import type { SourceFile } from '../source-file';

/** A header longer than this is none. */
const MOST_BYTES = 2 ** 20;
const STEP = 2 ** 14;
const LINE_FEED = 10;
const RETURN = 13;

/** The fields of a NRRD header, by their names in small letters, and where the header ends. */
export interface NrrdText {
  readonly fields: ReadonlyMap<string, string>;
  /** First byte after the blank line; null where the header is all there is. */
  readonly end: number | null;
}

export function beginsLikeNrrd(head: Uint8Array): boolean {
  return /^NRRD000\d/.test(String.fromCharCode(...head.subarray(0, 8)));
}

/** Other names of fields in use. */
const synonyms: Readonly<Record<string, string>> = {
  datafile: 'data file',
  lineskip: 'line skip',
  byteskip: 'byte skip',
  blocksize: 'block size',
  'space unit': 'space units',
  'sample units': 'sampleunits',
};

/** Where the blank line ends that closes the header; null where there is none yet. */
function headerEnd(bytes: Uint8Array, from: number): number | null {
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    if (bytes[at + 1] === LINE_FEED) return at + 2;
    if (bytes[at + 1] === RETURN && bytes[at + 2] === LINE_FEED) return at + 3;
  }
  return null;
}

/**
 * Reads the header of a NRRD file, one MiB of it at most.
 * @throws MembranaError stack.corrupt, file.*; AbortError
 */
export async function readNrrdText(file: SourceFile, signal: AbortSignal): Promise<NrrdText> {
  let bytes = new Uint8Array(0);
  let end: number | null = null;
  while (end === null && bytes.length < Math.min(file.size, MOST_BYTES)) {
    const from = Math.max(0, bytes.length - 2);
    bytes = await file.read(0, Math.max(STEP, bytes.length * 4), signal);
    end = headerEnd(bytes, from);
  }
  if (!beginsLikeNrrd(bytes))
    throw corruptRaw(file.name, 'it is called a NRRD file, but does not begin like one');
  if (end === null && file.size > MOST_BYTES)
    throw corruptRaw(file.name, 'its header has no end within the first MiB');
  const text = new TextDecoder().decode(bytes.subarray(0, end ?? bytes.length));
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/).slice(1)) {
    const field = /^([^:#][^:]{0,60}):(?!=)\s*(.*)$/.exec(line);
    const [, name = '', value = ''] = field ?? [];
    if (field === null) continue;
    const plain = name.trim().toLowerCase();
    fields.set(synonyms[plain] ?? plain, value.trim());
    // A list of files may follow, a line each; nothing behind it is a field.
    if (plain.startsWith('data') && /^LIST\b/.test(value.trim())) break;
  }
  return { fields, end };
}
