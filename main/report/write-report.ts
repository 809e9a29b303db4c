import { basename, dirname, extname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { writeFileAtomic } from '../storage/atomic-file';
import { nodeFileSystem } from '../storage/node-file-system';
import type { StackSource } from '../stacks/stack-source';
import { CSV_HEAD, reportCsv, reportHtml } from './report-document';
import { reportFacts, type ReportSubject } from './report-facts';
import { reportPictures } from './report-pictures';

/**
 * Writes the report of a project to `path` (HTML) and the same facts beside it
 * as CSV, and says what that file is called. `source` null = the stack is not
 * where it was: no pictures then.
 *
 * @throws MembranaError file.write-failed (also where another file has the name of the CSV), disk.full, file.*; AbortError
 */
export async function writeReport(
  subject: ReportSubject,
  source: StackSource | null,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly csv: string }> {
  const csvPath = join(dirname(path), `${basename(path, extname(path))}.csv`);
  await mustBeFree(csvPath);
  const facts = await reportFacts(subject);
  const pictures = source === null ? [] : await reportPictures(subject, source, signal);
  const text = new TextEncoder();
  await writeFileAtomic(path, text.encode(reportHtml(facts, pictures)), { reserveBytes: 0 });
  await writeFileAtomic(csvPath, text.encode(reportCsv(facts)), { reserveBytes: 0 });
  return { csv: basename(csvPath) };
}

/** Nobody was asked whether the CSV may replace what lies there: only a report of ours is replaced. */
async function mustBeFree(path: string): Promise<void> {
  const there = await nodeFileSystem.status(path);
  if (there === null) return;
  // A pipe of that name would never answer.
  if (there.kind === 'file') {
    const handle = await nodeFileSystem.open(path, 'r');
    try {
      const head = new Uint8Array(CSV_HEAD.length);
      await handle.read(head, 0, head.length, 0);
      if (new TextDecoder().decode(head) === CSV_HEAD) return;
    } finally {
      await handle.close();
    }
  }
  throw new MembranaError(
    'file.write-failed',
    `${basename(path)} is there already and is no report.`,
    {
      hint: 'Give the report another name: its table is kept under the same one.',
      data: { file: basename(path) },
    },
  );
}
