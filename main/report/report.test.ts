import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStack } from '../stacks/open-stack';
import { createTiffWriter } from '../stacks/tiff/tiff-writer';
import { stackFingerprint } from '../stacks/fingerprint';
import { createProject } from '../project/project-store';
import type { Project } from '../project/project';
import { ModelId } from '#contract/ids';
import { noConditioning, type AccuracyReport, type ModelVersion } from '#contract/entities';
import { drawAudit } from '../audit/draw-audit';
import { csvCell, escapeHtml } from './escape';
import { reportCsv, reportHtml } from './report-document';
import type { ReportSubject } from './report-facts';
import { startOf } from './report-pictures';
import { writeReport } from './write-report';

const hostile = `<script>alert("x")</script>'&`;

describe('what a report is made of', () => {
  it('is text, whatever a name says', () => {
    expect(escapeHtml(hostile)).toBe('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;');
    const facts = {
      title: hostile,
      sections: [{ key: '=1+1', title: hostile, facts: [{ item: hostile, value: '@SUM(A1)' }] }],
      sentence: hostile,
    };
    const html = reportHtml(facts, [{ title: `" onerror="x`, png: Uint8Array.of(1) }]);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('" onerror');
    expect(html).not.toMatch(/https?:|<link|<iframe/);
    expect(reportCsv(facts)).toContain(`"'=1+1",`);
    expect(reportCsv(facts)).toContain(`"'@SUM(A1)"`);
  });

  it.each([
    ['=1', `"'=1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@a', `"'@a"`],
    ['\t=1', `"'\t=1"`],
    ['a"b,c', '"a""b,c"'],
    ['two\nlines', '"two\nlines"'],
    ['plain', 'plain'],
    [-1.5, '-1.5'],
  ])('keeps the cell %j from being a formula or a break', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

function sampleVersion(id: string, name: string, parent: ModelId | null): ModelVersion {
  return {
    ...{ id: ModelId.parse(id), name, parent, origin: parent === null ? 'bundled' : 'retrained' },
    ...{ created: '2026-01-01T00:00:00Z', baseFilters: 8, parameters: 1, pixelSize: null },
    ...{ conditioning: null, scores: null, scoresNote: '', training: null, licence: '' },
    ...{ thresholds: { topology: 0.2, pixel: 0.5 }, classes: [], citation: '' },
    status: { kind: 'accepted', reason: '' },
  };
}

describe('the report of a project', () => {
  let folder: string;
  let project: Project;
  const model = ModelId.parse('m-1');
  const mask = { pixel: 0.5, cells: 0.2 };
  const never = new AbortController().signal;
  const stack = (): string => join(folder, '=stack.tif');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    const size = { width: 128, height: 96 };
    const writer = await createTiffWriter(stack(), { ...size, type: 'uint8' });
    await writer.append(Uint8Array.from({ length: 128 * 96 }, (_, i) => (i * 7) % 251));
    await writer.finish();
    const source = await openStack(stack(), { signal: never });
    const { info } = source;
    await source.close();
    project = await createProject({
      folder: join(folder, 'p.emproj'),
      name: hostile,
      stackPath: stack(),
      stackInfo: { ...info, voxelSize: { x: 4, y: 4, z: 40, source: 'user' } },
      fingerprint: await stackFingerprint(stack()),
    });
    // One wall, straight down the slice.
    const map = Uint8Array.from({ length: 128 * 96 }, (_, i) => (i % 128 === 40 ? 255 : 0));
    await project.predictions.write(model, 0, map, noConditioning);
  });
  afterEach(async () => {
    await project.close();
    await rm(folder, { recursive: true });
  });

  const subject = () => ({ project, models: [], model, mask, accuracy: null, version: '1.2.3' });

  it('tells of stack, mask and audit, with pictures in it, and the table says the same', async () => {
    const audit = await drawAudit(project, { model, mask, places: 99, seed: 1 }, never);
    await project.audits.begin(audit);
    for (const place of audit.places.keys())
      await project.audits.answer(place, place === 0 ? 'split' : 'right');
    project.efforts.active(90);
    const source = await openStack(stack(), { signal: never });
    const path = join(folder, 'out.html');
    await writeReport(subject(), source, path, never);
    await source.close();
    const html = await readFile(path, 'utf8');
    const csv = await readFile(join(folder, 'out.csv'), 'utf8');
    expect(html.match(/src="data:image\/png;base64,iVBOR/g)).toHaveLength(2);
    expect(html).not.toContain('<script');
    expect(csv).toContain(`stack,file,"'=stack.tif"`);
    expect(csv).toContain('stack,voxel size from,entered by the user');
    expect(csv).toContain('audit,splits,1');
    expect(csv).toContain('software,Membrana,1.2.3');
    expect(csv).toContain('effort,active minutes at the canvas,1.5');
    expect(csv).toContain('effort,strokes,0');
    // 95 steps of 4 nm, by Kulpa's factor.
    expect(Number(/audit,"?membrane looked at, in µm"?,([\d.]+)/.exec(csv)?.[1])).toBeCloseTo(
      95 * 0.004 * 0.94806,
      4,
    );
    expect(html).toContain('<blockquote>Membranes were segmented');
    expect(csv).toContain('audit,state,as in this report');
    // The numbers stay those of slices as they were shown then.
    const value = { ...noConditioning, smoothing: 1.5 };
    const chosen = { by: 'user', model: null, measured: null, proposedScale: null } as const;
    await project.setConditioning({ value, ...chosen });
    await writeReport(subject(), null, path, never);
    expect(await readFile(join(folder, 'out.csv'), 'utf8')).toContain('an earlier one');
  });

  it('says of a damaged audit that it is, and keeps its file beside a new one', async () => {
    const file = join(project.folder, 'audit.json');
    const path = join(folder, 'out.html');
    const wanted = { model, mask, places: 3, seed: 1 };
    await project.audits.begin(await drawAudit(project, wanted, never));
    const kept = await readFile(file);
    for (const number of [1, 2]) {
      const damaged = kept.subarray(0, kept.length - 9 * number);
      await writeFile(file, damaged);
      expect(await project.audits.read()).toEqual({ kind: 'damaged' });
      await expect(project.audits.answer(0, 'right')).rejects.toMatchObject({
        code: 'audit.not-found',
      });
      await writeReport(subject(), null, path, never);
      const csv = await readFile(join(folder, 'out.csv'), 'utf8');
      expect(csv).toContain('audit,state,audit.json is damaged');
      await project.audits.begin(await drawAudit(project, wanted, never));
      const aside = join(project.folder, `audit-damaged-${String(number)}.json`);
      expect(await readFile(aside)).toEqual(damaged);
    }
    expect((await project.audits.read()).kind).toBe('kept');
  });

  it('tells what was measured against a truth, and whether anything has changed since', async () => {
    const path = join(folder, 'out.html');
    const scores = {
      ...{ vInfo: 0.91, vInfoPrecision: 0.9, vInfoRecall: 0.92 },
      ...{ vRand: null, vRandPrecision: null, vRandRecall: null, dice: 0.8 },
    };
    const errors = { merges: 3, splits: 2, lost: 1 };
    const report: AccuracyReport = {
      ...{ model, mask, scores, errors, blank: [2], worst: [] },
      slices: [0, 1].map((z) => ({ z, scores, errors })),
    };
    const sequence = project.labels.lastSequence;
    const accuracy = { report, truth: '=truth.tif', membrane: 255, sequence };
    const csvOf = async (change: Partial<ReportSubject>): Promise<string> => {
      await writeReport({ ...subject(), ...change }, null, path, never);
      return readFile(join(folder, 'out.csv'), 'utf8');
    };
    const csv = await csvOf({ accuracy });
    for (const line of [
      `accuracy,truth,"'=truth.tif"`,
      'accuracy,"slices measured, counted from 1",1-2',
      'accuracy,"V_Info, mean of the slices",0.91',
      'accuracy,"V_Rand, mean of the slices",not known',
      'accuracy,"Dice, of all pixels",0.8',
      'accuracy,merges,3',
      'accuracy,cells lost,1',
      'accuracy,state,as in this report',
    ])
      expect(csv).toContain(line);
    expect(await csvOf({ accuracy: { ...accuracy, sequence: 7 } })).toContain('an earlier one');
    expect(await csvOf({})).not.toContain('accuracy,');
  });

  it('shows a slice under the version in use, and under the one that it comes from', async () => {
    const start = sampleVersion('m-0', 'general', null);
    const middle = sampleVersion('m-a', 'general · 2', start.id);
    const used = sampleVersion(model, 'general · 3', middle.id);
    const models = [start, middle, used];
    const path = join(folder, 'out.html');
    const captions = async (): Promise<string[]> => {
      const source = await openStack(stack(), { signal: never });
      await writeReport({ ...subject(), models }, source, path, never);
      await source.close();
      const html = await readFile(path, 'utf8');
      return [...html.matchAll(/<img alt="([^"]*)"/g)].map(([, alt]) => alt ?? '');
    };
    // The start has segmented nothing yet.
    expect(await captions()).toEqual(['Slice 1', 'Slice 1, with the mask of general · 3']);
    const map = new Uint8Array(128 * 96);
    await project.predictions.write(start.id, 0, map, noConditioning);
    expect(await captions()).toEqual([
      'Slice 1',
      'Slice 1: before, with the mask of general, which the version in use comes from',
      'Slice 1: now, with the mask of general · 3',
    ]);
    expect([startOf(models, start.id), startOf(models, null)]).toEqual([null, null]);
    // A ring of parents ends, too.
    const ring = [{ ...start, parent: used.id }, middle, used];
    expect(startOf(ring, used.id)?.id).not.toBe(used.id);
  });

  it('does without the stack, and leaves another file alone that has the name of the table', async () => {
    const path = join(folder, 'out.html');
    await writeFile(join(folder, 'out.csv'), 'my own numbers');
    await expect(writeReport(subject(), null, path, never)).rejects.toMatchObject({
      code: 'file.write-failed',
    });
    expect(await readFile(join(folder, 'out.csv'), 'utf8')).toBe('my own numbers');
    expect(await readdir(folder)).not.toContain('out.html');
    await writeReport(subject(), null, join(folder, 'other.html'), never);
    expect(await readFile(join(folder, 'other.html'), 'utf8')).not.toContain('<img');
    // A pipe of the table's name would never answer.
    execFileSync('mkfifo', [join(folder, 'piped.csv')]);
    await expect(
      writeReport(subject(), null, join(folder, 'piped.html'), never),
    ).rejects.toMatchObject({ code: 'file.write-failed' });
    // A report of ours is replaced.
    await writeReport(subject(), null, join(folder, 'other.html'), never);
  });
});
