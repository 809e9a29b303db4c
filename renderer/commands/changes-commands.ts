import type { ChangeEntry, ModelVersion } from '#contract/entities';
import { INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import type { LabelSession } from '#labels/label-session';
import { everywhere } from '#labels/paint-mode';
import { areaFromSpans, areaPixelCount, maskOfArea, type PixelArea } from '#labels/pixel-area';
import type { ComparedVersions } from '../state/rounds/changes.svelte';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt, type Command } from './command';
import { usualComparison } from './model-commands';

/** Screen pixels per image pixel at a change: the parts on both sides are in view. */
const CLOSE = 2;
const MIDDLE = { x: 0.5, y: 0.5 };

const areaOf = ({ spans }: ChangeEntry): PixelArea => areaFromSpans(Int32Array.from(spans));

/** What is painted where a change is to be as it was. */
const labelOf = ({ kind }: ChangeEntry): number => painted(kind === 'split' ? INTERIOR : MEMBRANE);

/** Two versions as their changes are told: from the older to the newer. */
export function olderFirst(
  a: Pick<ModelVersion, 'id' | 'created'>,
  b: Pick<ModelVersion, 'id' | 'created'>,
): ComparedVersions {
  return a.created <= b.created ? { from: a.id, to: b.id } : { from: b.id, to: a.id };
}

/** Asks main what one version changes against another, on the slices that both have segmented. */
export function countChanges(topics: Topics, versions: ComparedVersions): Promise<void> {
  const { changes, client, mask, opening } = topics;
  return attempt(topics, async () => {
    const at = opening.here();
    const masks = { from: { ...mask.of(versions.from) }, to: { ...mask.of(versions.to) } };
    const found = await client['changes.list']({ at, ...versions, masks });
    // Meanwhile another project may have come into the window.
    if (opening.current?.opening === at.opening) changes.take(versions, found);
  });
}

/** Asks again for the list that is open. */
export async function lookAgain(topics: Topics): Promise<void> {
  const { changes } = topics;
  if (changes.versions === null) return;
  changes.looking = true;
  await countChanges(topics, changes.versions);
  changes.looking = false;
}

/** Opens the list of what changes between two versions, with their masks compared. */
export async function openChanges(topics: Topics, versions: ComparedVersions): Promise<void> {
  const { app, changes, comparison } = topics;
  changes.open(versions);
  comparison.start(versions.from, versions.to);
  app.sought = 'changes';
  await lookAgain(topics);
}

/** Segments, with both versions, what one of them lacks; the list follows when that is over. */
export function compareAll(topics: Topics): Promise<void> {
  const { changes, client, opening, view } = topics;
  const { versions } = changes;
  return attempt(topics, async () => {
    if (versions === null) return;
    await client['changes.complete']({ at: opening.here(), ...versions, z: view.z });
  });
}

/** Goes to a change, with the masks of both versions compared. */
export function showChange({ changes, comparison, view }: Topics, entry: ChangeEntry): void {
  const { versions } = changes;
  if (versions === null) return;
  changes.current = entry;
  view.goTo(entry.z);
  const shown = comparison.versions;
  if (shown?.before !== versions.from || shown.after !== versions.to)
    comparison.start(versions.from, versions.to);
  const middle = { x: entry.x + 0.5, y: entry.y + 0.5 };
  view.picture?.lookAt(middle, Math.max(CLOSE, view.scale), MIDDLE);
}

/** Marks the changes of a slice that are painted as they were, by this step or another. */
export function markKept({ changes }: Topics, session: LabelSession, z: number): void {
  for (const entry of changes.found?.entries ?? []) {
    if (entry.z !== z) continue;
    const area = areaOf(entry);
    const field = session.readField(z, area.bounds);
    if (field === null) continue;
    const mask = maskOfArea(area, field.rect);
    const label = labelOf(entry);
    const right = mask.reduce((sum, one, i) => sum + (field.data[i] === label ? one : 0), 0);
    // Two changes that touch paint over a pixel or two of each other.
    changes.mark(entry, 2 * right > areaPixelCount(area));
  }
}

/** Paints a change as it was, as one step of the history: it stays, and the next round learns from it. */
function keepAsItWas(topics: Topics, entry: ChangeEntry): Promise<void> {
  const { classes, layers, notices, painting } = topics;
  return attempt(topics, async () => {
    const { session } = painting;
    if (session === null) return;
    const { visible, locked } = layers.looks.mask;
    if (!visible || locked) {
      notices.toast(visible ? en.changes.maskLocked : en.notices.hiddenLayer, 'warning');
      return;
    }
    const area = areaOf(entry);
    await session.load(entry.z, area.bounds);
    if (painting.session !== session) return;
    const rule = { ...everywhere, locked: classes.locked };
    session.paint(entry.z, en.changes.steps[entry.kind], area, labelOf(entry), rule);
    markKept(topics, session, entry.z);
  });
}

/** What a version changes in cells: go from change to change, keep one as it was. */
export function changesCommands(topics: Topics) {
  const { changes, project } = topics;
  const listed = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    if (changes.versions === null) return en.changes.why.closed;
    return changes.length > 0 ? null : en.changes.why.none;
  };
  const go = (step: 1 | -1): Command => ({
    blocked: listed,
    run: () => {
      const entry = changes.after(step);
      if (entry !== null) showChange(topics, entry);
    },
  });
  return {
    'changes.open': {
      blocked: () => {
        if (!project.open) return en.top.why.noProject;
        return usualComparison(topics) === null ? en.timeline.onlyOne : null;
      },
      run: () => {
        const usual = usualComparison(topics);
        if (usual !== null) return openChanges(topics, { from: usual.before, to: usual.after });
        return Promise.resolve();
      },
    },
    'changes.next': go(1),
    'changes.previous': go(-1),
    'changes.keep': {
      blocked: () => {
        const why = listed();
        if (why !== null) return why;
        if (project.readOnly) return en.top.why.readOnly;
        if (changes.current === null) return en.changes.why.noPlace;
        return changes.kept.has(changes.current) ? en.changes.why.kept : null;
      },
      run: () => (changes.current === null ? undefined : keepAsItWas(topics, changes.current)),
    },
  } satisfies Record<string, Command>;
}
