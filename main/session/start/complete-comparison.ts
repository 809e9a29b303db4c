import type { JobResult } from '#contract/entities';
import { isAbort, MembranaError, toErrorReport } from '#contract/errors';
import type { JobId, ModelId, StackId } from '#contract/ids';
import { sliceMark } from '#contract/slice-marks';
import type { JobContext, JobTask } from '#main/jobs/job-queue';
import { slicesOfBoth } from '#main/queue/project-changes';
import { requireSlice } from '#main/stacks/stack-source';
import type { ServiceParts } from '../service-parts';
import { conditioningOf } from '../stack-conditioning';
import { segmentTask } from './start-segmenting';

type Parts = Pick<ServiceParts, 'session' | 'engines' | 'publish' | 'jobs'>;

/** Two versions of the open project, and where the user is. */
export interface ComparisonWish {
  readonly stack: StackId;
  readonly from: ModelId;
  readonly to: ModelId;
  readonly z: number;
}

/** All slices, the nearest to `z` first. */
function nearestFirst(z: number, depth: number): number[] {
  const slices = Array.from({ length: depth }, (_, i) => i);
  return slices.sort((a, b) => Math.abs(a - z) - Math.abs(b - z) || a - b);
}

/**
 * A job in the background that segments, with both versions, the slices that
 * one of them has not segmented as the stack is shown to models now. Run again
 * after it gave way it does what is still missing.
 *
 * @throws MembranaError project.read-only, project.source-missing, stack.slice-out-of-range, model.*, job.busy
 */
export async function startCompleting(parts: Parts, wish: ComparisonWish): Promise<JobId> {
  const open = parts.session.projectOf(wish.stack);
  const { project, stack, models } = open;
  project.assertWritable();
  const { depth } = stack.source.info;
  requireSlice(wish.z, depth);
  const [from, to] = [await models.find(wish.from), await models.find(wish.to)];
  const task: JobTask = {
    kind: 'changes',
    title: `Compare ${from.file.name} with ${to.file.name} on all slices`,
    background: true,
    async run(context): Promise<JobResult> {
      const began = performance.now();
      const skipped: { z: number; reason: string }[] = [];
      const conditioning = conditioningOf(project);
      const done = async (model: ModelId): Promise<Set<number>> =>
        new Set(await slicesOfBoth(project, [model, model], conditioning));
      const [before, after] = [await done(wish.from), await done(wish.to)];
      const missing = nearestFirst(wish.z, depth).flatMap((z) => [
        ...(before.has(z) ? [] : [{ z, model: wish.from }]),
        ...(after.has(z) ? [] : [{ z, model: wish.to }]),
      ]);
      for (const [i, { z, model }] of missing.entries()) {
        if (skipped.some((one) => one.z === z)) continue;
        const reason = await segmentOne(parts, wish.stack, model, z, part(context, i, missing));
        if (reason !== null) skipped.push({ z, reason });
      }
      return {
        ...{ kind: 'compared', from: wish.from, to: wish.to, skipped },
        slices: new Set(missing.map(({ z }) => z)).size - skipped.length,
        seconds: (performance.now() - began) / 1000,
      };
    },
  };
  return parts.jobs.submit(task);
}

/** The context of the i-th of many slices: its progress is that part of the whole. */
function part(
  { signal, remark, progress }: JobContext,
  i: number,
  { length }: readonly unknown[],
): Pick<JobContext, 'signal' | 'remark' | 'progress'> {
  return {
    signal,
    remark,
    progress: ({ done, total, unit, note }) => {
      progress({ done: i + (total === 0 ? 0 : done / total), total: length, unit, note });
    },
  };
}

/** Null, or why the slice can't be read: one bad page must not cost the others. */
async function segmentOne(
  parts: Parts,
  stack: StackId,
  model: ModelId,
  z: number,
  context: Pick<JobContext, 'signal' | 'remark' | 'progress'>,
): Promise<string | null> {
  context.signal.throwIfAborted();
  try {
    await (await segmentTask(parts, { stack, slices: [z], model, background: true })).run(context);
    return null;
  } catch (error) {
    if (isAbort(error) || !(error instanceof MembranaError)) throw error;
    if (error.code !== 'stack.page-unreadable') throw error;
    return `Slice ${sliceMark(z)}: ${toErrorReport(error).message}`;
  }
}
