import { basename, dirname, extname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { firstByte, hasLine, maskOver } from '#contract/mask/membrane-mask';
import { writeFileAtomic } from '../project/atomic-file';
import { nodeFileSystem } from '../storage/node-file-system';
import { readGrey } from '../stacks/grey-region';
import type { StackSource } from '../stacks/stack-source';
import { sliceStatistics } from '../stacks/statistics';
import { windowToBytes } from '../stacks/wire-tile';
import { png, tinted } from './png';
import { CSV_HEAD, reportCsv, reportHtml, type ReportPicture } from './report-document';
import { reportFacts, type ReportSubject } from './report-facts';

/** Longest edge of a picture; of larger slices the middle is shown. */
const LONGEST = 1024;
/** The mask's colour in the window. */
const MASK = [0xe6, 0x9f, 0x00] as const;

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

/** The slice in view, or the first that is segmented: as it is, and under the mask. */
async function reportPictures(
  { project, model, mask }: ReportSubject,
  source: StackSource,
  signal: AbortSignal,
): Promise<ReportPicture[]> {
  const segmented = project.predictions.list().filter((one) => one.model === model);
  const z =
    (segmented.find((one) => one.z === project.view.z) ?? segmented[0])?.z ?? project.view.z;
  const { width, height } = source.info;
  const size = { width: Math.min(width, LONGEST), height: Math.min(height, LONGEST) };
  const x = Math.floor((width - size.width) / 2);
  const y = Math.floor((height - size.height) / 2);
  const region = await readGrey(source, z, { x, y, ...size }, 0, signal);
  const { low, high } = await sliceStatistics(source, z, signal);
  const grey = windowToBytes(region.data, { min: low, max: high });
  const part = size.width < width || size.height < height ? ', its middle' : '';
  const raw = {
    title: `Slice ${String(z + 1)}${part}`,
    png: png(grey, size.width, size.height, 1),
  };
  const map = model === null ? null : await project.predictions.slice(model, z);
  if (model === null || map === null) return [raw];
  const line = hasLine(mask)
    ? await project.lines.line(model, z, firstByte(mask.cells), signal)
    : null;
  const whole = maskOver(map, mask, line);
  const on = (i: number): boolean =>
    whole[(y + Math.floor(i / size.width)) * width + x + (i % size.width)] === 1;
  return [
    raw,
    {
      title: `Slice ${String(z + 1)}${part}, with the mask`,
      png: png(tinted(grey, on, MASK), size.width, size.height, 3),
    },
  ];
}
