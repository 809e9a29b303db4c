import { classOf } from '#contract/label-byte';
import type { Rect } from '#contract/tiles';
import type { ByteField } from '#labels/byte-field';
import { ShapeBlend } from '#labels/operations/interpolate';
import type { SliceLabels } from '#labels/slice-labels';
import { areaFromMask, type PixelArea } from '#labels/pixel-area';
import { ruleOf } from '../../tools/area-commit';
import type { BlockedReason, BrushSettings } from '../../tools/tool';
import { stepNames } from '../../strings/step-names';
import type { SliceFields } from '../chunks/slice-fields';
import type { StagePreviews } from './stage-previews';
import type { ViewCamera } from '../camera/view-camera';
import type { ViewTopics } from '../view-events';
import type { ViewTools } from './view-tools';
import type { ProposalInfo } from '../view-types';

/** Painted slices further apart than this are not looked for. */
const FARTHEST = 64;

export interface ViewProposalsOptions {
  readonly tools: ViewTools;
  readonly fields: SliceFields;
  readonly previews: StagePreviews;
  readonly camera: ViewCamera;
  readonly topics: ViewTopics;
  readonly stack: () => { readonly session: SliceLabels; readonly depth: number } | null;
  readonly slice: () => number;
  readonly showSlice: (z: number) => void;
  readonly blocked: () => BlockedReason | null;
}

/** A step that is ready to be taken. */
interface Ready {
  readonly info: ProposalInfo;
  /** What it would change on the slice in view. */
  readonly shown: PixelArea | null;
  readonly brush: BrushSettings;
  commit(): number;
}

/** Steps that reach beyond the slice in view. Each is shown first; the same command again, or Enter, takes it. */
export class PendingEdits {
  readonly #options: ViewProposalsOptions;
  #open: ProposalInfo | null = null;
  #abort = new AbortController();

  constructor(options: ViewProposalsOptions) {
    this.#options = options;
  }

  /** Fills the slices between the nearest ones, below and above, that carry the class in hand. */
  async interpolate(): Promise<void> {
    if (this.#taken('interpolate')) return;
    const work = this.#begin();
    if (!work) return;
    const { session, rect, brush, signal } = work;
    const { topics } = this.#options;
    const z = this.#options.slice();
    const here = await this.#classField(session, z, rect, brush.label, signal);
    const below = await this.#nearest(work, z, -1);
    const above = await this.#nearest(work, z, 1);
    const pair = between(here && { z, mask: here }, below, above);
    if (!pair) {
      topics.blocked.tell('nothing-between');
      return;
    }
    const [lower, upper] = pair;
    const areas = new Map<number, PixelArea>();
    const blend = new ShapeBlend(lower.mask, upper.mask);
    for (let at = lower.z + 1; at < upper.z; at += 1) {
      await session.load(at, rect, signal);
      areas.set(at, blend.at((at - lower.z) / (upper.z - lower.z)));
    }
    signal.throwIfAborted();
    const rule = { ...ruleOf(brush), overwrite: { kind: 'untouched' } } as const;
    this.#propose({
      info: { kind: 'interpolate', first: lower.z + 1, last: upper.z - 1 },
      shown: areas.get(z) ?? null,
      brush,
      commit: () =>
        session.transact(() => {
          let changed = 0;
          for (const [at, area] of areas)
            if (session.isLoaded(at, rect))
              changed += session.paint(at, stepNames.interpolate, area, brush.label, rule);
          return changed;
        }),
    });
  }

  /** Copies what carries the class in hand to the next slice (+1) or the one before (−1), which comes into view. */
  async copy(step: 1 | -1): Promise<void> {
    const from = this.#options.slice();
    if (this.#taken('copy')) return;
    const work = this.#begin();
    if (!work) return;
    const { session, depth, rect, brush, signal } = work;
    const { topics } = this.#options;
    const to = from + step;
    const mask = await this.#classField(session, from, rect, brush.label, signal);
    if (!mask || to < 0 || to >= depth) {
      topics.blocked.tell('nothing-to-copy');
      return;
    }
    await session.load(to, rect, signal);
    signal.throwIfAborted();
    const area = areaFromMask(mask.data, rect);
    this.#options.showSlice(to);
    topics.sliceChosen.tell(to);
    this.#propose({
      info: { kind: 'copy', from, to },
      shown: area,
      brush,
      commit: () =>
        session.isLoaded(to, rect)
          ? session.paint(to, stepNames.copy, area, brush.label, ruleOf(brush))
          : 0,
    });
  }

  /** Another stack or slice comes: what is being made ready is given up. */
  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** The same command again takes the step that it proposed. */
  #taken(kind: ProposalInfo['kind']): boolean {
    return this.#open?.kind === kind && this.#options.tools.accept();
  }

  #begin(): Work | null {
    const stack = this.#options.stack();
    const refusal = this.#options.blocked();
    // What is not here yet is waited for.
    const reason = refusal === 'loading' ? null : refusal;
    if (reason) this.#options.topics.blocked.tell(reason);
    if (!stack || reason) return null;
    this.cancel();
    const { camera, fields, tools } = this.#options;
    const rect = fields.windowAt(camera.geometry.centre);
    const { session, depth } = stack;
    return { session, depth, rect, brush: tools.brush, signal: this.#abort.signal };
  }

  #propose(ready: Ready): void {
    const { tools, previews, topics, blocked } = this.#options;
    tools.propose({
      drop: () => {
        this.#open = null;
        previews.showArea(null);
        topics.proposal.tell(null);
      },
      commit: () => {
        const reason = blocked();
        if (reason) topics.blocked.tell(reason);
        else if (ready.commit() === 0) topics.blocked.tell('nothing-changed');
      },
    });
    this.#open = ready.info;
    if (ready.shown) previews.showArea({ area: ready.shown, as: ready.brush.label });
    topics.proposal.tell(ready.info);
  }

  /** The nearest slice in a direction that carries the class. */
  async #nearest(work: Work, z: number, step: 1 | -1): Promise<Keyed | null> {
    const { session, depth, rect, brush, signal } = work;
    for (let far = 1; far <= FARTHEST; far += 1) {
      const at = z + far * step;
      if (at < 0 || at >= depth) return null;
      const mask = await this.#classField(session, at, rect, brush.label, signal);
      if (mask) return { z: at, mask };
    }
    return null;
  }

  /** Which pixels of a slice carry a class; null when none does. */
  async #classField(
    session: SliceLabels,
    z: number,
    rect: Rect,
    classId: number,
    signal: AbortSignal,
  ): Promise<ByteField | null> {
    await session.load(z, rect, signal);
    signal.throwIfAborted();
    const labels = session.readField(z, rect);
    const data = labels?.data.map((label) => (classOf(label) === classId ? 1 : 0));
    return data?.includes(1) === true ? { rect, data } : null;
  }
}

interface Work {
  readonly session: SliceLabels;
  readonly depth: number;
  readonly rect: Rect;
  readonly brush: BrushSettings;
  readonly signal: AbortSignal;
}

/** A slice that carries the class, and where. */
interface Keyed {
  readonly z: number;
  readonly mask: ByteField;
}

/** The two slices to fill between: around the one in view, or from it, to the one below before the one above. */
function between(
  here: Keyed | null,
  below: Keyed | null,
  above: Keyed | null,
): readonly [Keyed, Keyed] | null {
  const pairs: [Keyed | null, Keyed | null][] = here
    ? [
        [below, here],
        [here, above],
      ]
    : [[below, above]];
  for (const [lower, upper] of pairs)
    if (lower && upper && upper.z - lower.z > 1) return [lower, upper];
  return null;
}
