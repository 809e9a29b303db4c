import { createHash } from 'node:crypto';
import type { LeftOutReason } from '#contract/entities';
import { sliceMark } from '#contract/slice-marks';
import { classOf, UNTOUCHED, VOID } from '#contract/label-byte';
import { lineOf } from '../models/learnt-slices';
import { HELD_BACK } from '../models/model-card';
import type { ModelFile } from '../models/model-file';
import { ROUND_PIXELS, selectCorrections } from './correction-selection';

/** The labels of a corrected slice as a round takes them. */
export interface SliceLabels {
  readonly z: number;
  readonly labels: Uint8Array<ArrayBuffer>;
  readonly fingerprint: string;
  /** The version in use has not learnt from these labels yet. */
  readonly recent: boolean;
  /** These very labels were kept from an earlier training, to judge it. */
  readonly heldBefore: boolean;
}

export interface LeftOut {
  readonly z: number;
  readonly reason: LeftOutReason;
}

export interface Collected {
  /** Ascending, at least one unless all were left out. */
  readonly slices: readonly SliceLabels[];
  readonly left: readonly LeftOut[];
}

/** Corrected slices and how to get at their labels. */
export interface CorrectionSource {
  readonly reviewed: readonly number[];
  /** When the labels of a slice last changed: larger is newer. */
  readonly changedAt: (z: number) => number;
  /** Label bytes of a whole slice. */
  readonly labels: (z: number) => Promise<Uint8Array<ArrayBuffer>>;
}

/** How the card of a retrained version names what it learnt from. */
export const fingerprintName = (z: number): string => `labels of slice ${z}`;

/** The same of a slice whose strokes judged and did not train. */
export const heldName = (z: number): string => `${HELD_BACK}labels of slice ${z}`;

/** Fingerprints of labels by name in the card that `model`, or a version it comes from, has learnt from or was judged by. */
export function learntLabels(
  model: ModelFile,
  versions: readonly ModelFile[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const learnt = new Map<string, Set<string>>();
  for (const { origin, training } of lineOf(model, versions)) {
    if (origin !== 'retrained') continue;
    for (const { name, fingerprint } of training?.data ?? [])
      learnt.set(name, (learnt.get(name) ?? new Set()).add(fingerprint));
  }
  return learnt;
}

const teaches = (labels: Uint8Array): boolean =>
  labels.some((label) => classOf(label) !== UNTOUCHED && classOf(label) !== VOID);

const fingerprintOf = (labels: Uint8Array): string =>
  createHash('sha256').update(labels).digest('hex');

/**
 * Reads the corrections of a round: the newest that the model doesn't know
 * first, as many as a round has room for. What is left out is named.
 */
export async function collectCorrections(
  source: CorrectionSource,
  learnt: ReadonlyMap<string, ReadonlySet<string>>,
  {
    signal,
    note,
    room = ROUND_PIXELS,
  }: {
    readonly signal: AbortSignal;
    readonly note: (text: string) => void;
    /** Pixels that a round takes. */
    readonly room?: number;
  },
): Promise<Collected> {
  const left: LeftOut[] = [];
  const candidates: { z: number; changedAt: number; learnt: boolean; fingerprint: string }[] = [];
  let pixels = 1;
  for (const z of source.reviewed) {
    signal.throwIfAborted();
    note(`Looking at the corrections of slice ${sliceMark(z)}`);
    const labels = await source.labels(z);
    pixels = labels.length;
    if (!teaches(labels)) {
      left.push({ z, reason: 'only-void' });
      continue;
    }
    const fingerprint = fingerprintOf(labels);
    const known = learnt.get(fingerprintName(z))?.has(fingerprint) ?? false;
    candidates.push({ z, changedAt: source.changedAt(z), learnt: known, fingerprint });
  }
  const selection = selectCorrections(candidates, room / pixels);
  for (const z of selection.left) left.push({ z, reason: 'no-room' });
  const taken = candidates.filter(({ z }) => selection.taken.includes(z));
  // A round without anything new goes over all of it once more.
  const anyNew = taken.some((slice) => !slice.learnt);
  const slices: SliceLabels[] = [];
  for (const { z, learnt: known } of taken.sort((a, b) => a.z - b.z)) {
    signal.throwIfAborted();
    // Read again, not kept: a stack may have more labels than memory. What was painted meanwhile counts too.
    const labels = await source.labels(z);
    const fingerprint = fingerprintOf(labels);
    const heldBefore = learnt.get(heldName(z))?.has(fingerprint) ?? false;
    slices.push({ z, labels, fingerprint, recent: !anyNew || !known, heldBefore });
  }
  return { slices, left: left.sort((a, b) => a.z - b.z) };
}
