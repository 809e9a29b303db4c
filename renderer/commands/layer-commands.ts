import {
  isPaintable,
  type ArrangedStack,
  type Arrangement,
  type LayerInfo,
  type LayerKey,
  type RemovedItem,
} from '#contract/entities';
import { LayerId } from '#contract/ids';
import { decodePatch } from '#contract/label-patch-codec';
import { limits } from '#contract/limits';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { withPart } from './choose-part';
import { attempt, type Command } from './command';
import { enter, orComeBack, settled } from './file-commands';
import { chooseLayer, firstOf, instead, shownOf, stackIn } from './shown-layer';

const text = en.layers;

function change(topics: Topics, name: string, after: Arrangement): void {
  const before = [...topics.project.arrangement];
  topics.painting.change(name, { kind: 'layers', before, after });
}

/** The arrangement with other layers in one stack. */
function withLayers(all: Arrangement, stack: string, layers: LayerInfo[]): Arrangement {
  return all.map((one) => (one.id === stack ? { ...one, layers } : one));
}

function withLayer(
  topics: Topics,
  { stack, layer }: LayerKey,
  changed: Partial<Pick<LayerInfo, 'name' | 'hidden'>>,
): Arrangement {
  const { arrangement } = topics.project;
  const layers = stackIn(arrangement, stack)?.layers ?? [];
  return withLayers(
    arrangement,
    stack,
    layers.map((one) => (one.id === layer ? { ...one, ...changed } : one)),
  );
}

/** A layer that no project has had: an id that was removed would bring its labels along. */
function freshLayer(stack: ArrangedStack, name: string | null): LayerInfo {
  const id = LayerId.parse(`labels-${crypto.randomUUID().slice(0, 8)}`);
  const taken = new Set(stack.layers.map((one) => one.name));
  let number = stack.layers.length + 1;
  while (taken.has(text.fresh(number))) number += 1;
  const look = { kind: 'classes', element: 'uint8', colour: 'by-class', hidden: false } as const;
  return { id, name: name ?? text.fresh(number), ...look };
}

/** Adds an empty layer to the stack shown and shows it. */
export async function addLayer(topics: Topics): Promise<void> {
  const { project, notices } = topics;
  const shown = shownOf(topics);
  const stack = shown && stackIn(project.arrangement, shown.stack);
  if (!stack) return;
  if (stack.layers.length >= limits.layers) {
    notices.toast(text.full, 'warning');
    return;
  }
  const made = freshLayer(stack, null);
  change(
    topics,
    text.steps.add,
    withLayers(project.arrangement, stack.id, [...stack.layers, made]),
  );
  await chooseLayer(topics, { stack: stack.id, layer: made.id });
  project.renamingLayer = made.id;
}

/** Gives a layer another name; an empty one leaves the old. False where another layer of the stack has it. */
export function renameLayer(topics: Topics, key: LayerKey, name: string): boolean {
  const layers = stackIn(topics.project.arrangement, key.stack)?.layers ?? [];
  const wanted = name.trim().slice(0, 80);
  const old = layers.find(({ id }) => id === key.layer);
  if (!old || wanted === '' || wanted === old.name) return true;
  if (layers.some((one) => one.name === wanted)) {
    topics.notices.toast(text.nameTaken(wanted), 'warning');
    return false;
  }
  change(topics, text.steps.rename, withLayer(topics, key, { name: wanted }));
  return true;
}

/** Gives a stack another name; an empty one leaves the old. False where another stack has it. */
export function renameStack(topics: Topics, stack: string, name: string): boolean {
  const { project, notices } = topics;
  const wanted = name.trim().slice(0, 80);
  const old = stackIn(project.arrangement, stack);
  if (!old || wanted === '' || wanted === old.name) return true;
  if (project.arrangement.some((one) => one.name === wanted)) {
    notices.toast(text.stackNameTaken(wanted), 'warning');
    return false;
  }
  const after = project.arrangement.map((one) =>
    one.id === stack ? { ...one, name: wanted } : one,
  );
  change(topics, text.steps.renameStack, after);
  return true;
}

/** A name that no other has. */
function free(name: string, taken: readonly { readonly name: string }[]): string {
  const names = new Set(taken.map((one) => one.name));
  let found = name;
  for (let number = 2; names.has(found); number += 1)
    found = `${name.slice(0, 74)} ${String(number)}`;
  return found;
}

/** Lists again what was removed, with everything that is painted in it, as a step. */
export function bringBack(topics: Topics, item: RemovedItem): void {
  const { project, notices } = topics;
  const { arrangement } = project;
  switch (item.kind) {
    case 'stack': {
      if (arrangement.length >= limits.stacks) break;
      const stack = { ...item.stack, name: free(item.stack.name, arrangement) };
      change(topics, text.steps.bringBackStack, [...arrangement, stack]);
      notices.toast(text.isBack(stack.name), 'good');
      return;
    }
    case 'layer': {
      const layers = stackIn(arrangement, item.of)?.layers ?? [];
      if (layers.length === 0 || layers.length >= limits.layers) break;
      const layer = { ...item.layer, name: free(item.layer.name, layers) };
      const after = withLayers(arrangement, item.of, [...layers, layer]);
      change(topics, text.steps.show, after);
      notices.toast(text.isBack(layer.name), 'good');
      return;
    }
  }
  notices.toast(text.full, 'warning');
}

/** Why a layer has to stay in view; null = it may be hidden or removed. */
export function whyNeeded(stack: ArrangedStack, layer: LayerInfo): string | null {
  const others = stack.layers.filter((one) => one.id !== layer.id && isPaintable(one));
  return others.length === 0 ? text.lastLayer : null;
}

/** Goes to another layer where this one is shown; false where that failed. */
async function leave(topics: Topics, key: LayerKey): Promise<boolean> {
  const shown = shownOf(topics);
  if (shown?.stack !== key.stack || shown.layer !== key.layer) return true;
  const next = instead(topics.project.arrangement, key);
  if (next === null) return false;
  await chooseLayer(topics, next);
  return shownOf(topics)?.layer !== key.layer || shownOf(topics)?.stack !== key.stack;
}

/** Takes a layer out of view, or brings it back. */
export async function toggleHidden(topics: Topics, key: LayerKey, hidden: boolean): Promise<void> {
  if (hidden && !(await leave(topics, key))) return;
  const name = hidden ? text.steps.hide : text.steps.show;
  change(topics, name, withLayer(topics, key, { hidden }));
}

/** Takes a layer away; its labels stay in the project for undo. */
export async function removeLayer(topics: Topics, key: LayerKey): Promise<void> {
  const { project, notices } = topics;
  if (!(await leave(topics, key))) return;
  const layers = stackIn(project.arrangement, key.stack)?.layers ?? [];
  const gone = layers.find(({ id }) => id === key.layer);
  if (!gone) return;
  const rest = layers.filter((one) => one !== gone);
  change(topics, text.steps.remove, withLayers(project.arrangement, key.stack, rest));
  notices.toast(text.removed(gone.name));
}

/** Makes a layer with the same labels, as one step, and shows it. */
export function duplicateLayer(topics: Topics, key: LayerKey): Promise<void> {
  return attempt(topics, async () => {
    const { project, painting, client, opening, notices } = topics;
    const stack = stackIn(project.arrangement, key.stack);
    const source = stack?.layers.find(({ id }) => id === key.layer);
    if (!stack || !source) return;
    if (source.kind === 'cells') {
      await duplicateIds(topics, stack, source);
      return;
    }
    await settled(topics);
    const { session } = painting;
    if (!session) return;
    const made = freshLayer(stack, text.copyOf(source.name).slice(0, 80));
    const sequence = session.lastSequence + 2;
    const patches = await client['layers.copy']({
      at: opening.here(),
      from: key,
      into: made.id,
      sequence,
    });
    const before = [...project.arrangement];
    const after = withLayers(before, stack.id, [...stack.layers, made]);
    const decoded = patches.map((patch) => decodePatch(patch));
    session.applyBatch(text.steps.duplicate, decoded, { kind: 'layers', before, after });
    await chooseLayer(topics, { stack: stack.id, layer: made.id });
    notices.toast(text.copied(decoded.length), 'good');
  });
}

/** As `duplicateLayer`: ids may be many, so main copies them, and the window takes up what it has then. */
async function duplicateIds(
  topics: Topics,
  stack: ArrangedStack,
  source: LayerInfo,
): Promise<void> {
  const { painting, client, opening, notices } = topics;
  const from = { stack: stack.id, layer: source.id };
  const { id: into } = freshLayer(stack, null);
  const name = text.copyOf(source.name).slice(0, 80);
  painting.changesLayer = true;
  try {
    const view = await orComeBack(topics, async () => {
      await settled(topics);
      return client['layers.duplicateIds']({ at: opening.here(), from, into, name });
    });
    enter(topics, view);
    await painting.recalled;
    notices.toast(text.copiedIds(source.name), 'good');
  } finally {
    painting.changesLayer = false;
  }
}

/** Asks for a stack and adds it to the project, as a step, and shows it. */
export function addStack(topics: Topics, kind: 'stack' | 'stack-folder'): Promise<void> {
  return attempt(topics, async () => {
    const { client, opening, project, notices } = topics;
    if (project.arrangement.length >= limits.stacks) {
      notices.toast(text.fullOfStacks, 'warning');
      return;
    }
    const grant = await client['dialog.open']({ kind });
    if (!grant) return;
    const made = await withPart(topics, grant, ({ id }) =>
      client['layers.addStack']({ at: opening.here(), grant: id }),
    );
    if (!made) return;
    if (!stackIn(project.arrangement, made.id))
      change(topics, text.steps.addStack, [...project.arrangement, made]);
    const key = firstOf(made);
    if (key) await chooseLayer(topics, key);
    notices.toast(text.stackAdded(made.name), 'good');
  });
}

/** Takes a stack out of the project; what was painted in it stays for undo. */
export async function removeStack(topics: Topics, stack: string): Promise<void> {
  const { project, notices } = topics;
  const gone = stackIn(project.arrangement, stack);
  const next = firstOf(project.arrangement.find(({ id }) => id !== stack));
  if (!gone || !next) return;
  if (shownOf(topics)?.stack === stack) await chooseLayer(topics, next);
  if (shownOf(topics)?.stack === stack) return;
  const rest = project.arrangement.filter(({ id }) => id !== stack);
  change(topics, text.steps.removeStack, rest);
  notices.toast(text.removed(gone.name));
}

export function layerCommands(topics: Topics) {
  const { project, jobs, painting } = topics;
  const open = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    return jobs.busy || painting.changesLayer ? en.top.why.busy : null;
  };
  const writable = (): string | null => open() ?? (project.readOnly ? en.top.why.readOnly : null);
  const shownLayer = (): { stack: ArrangedStack; layer: LayerInfo; key: LayerKey } | null => {
    const key = shownOf(topics);
    const stack = key && stackIn(project.arrangement, key.stack);
    const layer = stack?.layers.find(({ id }) => id === key?.layer);
    return key && stack && layer ? { stack, layer, key } : null;
  };
  const needed = (): string | null => {
    const shown = shownLayer();
    return writable() ?? (shown && whyNeeded(shown.stack, shown.layer));
  };
  const onShown = (work: (key: LayerKey) => Promise<void>) => async (): Promise<void> => {
    const key = shownOf(topics);
    if (key) await work(key);
  };
  const all = (): LayerKey[] =>
    project.arrangement.flatMap((stack) =>
      stack.layers.filter(isPaintable).map(({ id }) => ({ stack: stack.id, layer: id })),
    );
  return {
    'stack.add': { blocked: writable, run: () => addStack(topics, 'stack') },
    'stack.addFolder': { blocked: writable, run: () => addStack(topics, 'stack-folder') },
    'layer.new': { blocked: writable, run: () => addLayer(topics) },
    'layer.duplicate': {
      blocked: writable,
      run: onShown((key) => duplicateLayer(topics, key)),
    },
    'layer.hide': { blocked: needed, run: onShown((key) => toggleHidden(topics, key, true)) },
    'layer.remove': { blocked: needed, run: onShown((key) => removeLayer(topics, key)) },
    'layer.next': {
      blocked: () => open() ?? (all().length < 2 ? text.alone : null),
      run: onShown(async ({ stack, layer }) => {
        const keys = all();
        const at = keys.findIndex((one) => one.stack === stack && one.layer === layer);
        const next = keys[(at + 1) % keys.length];
        if (next) await chooseLayer(topics, next);
      }),
    },
  } satisfies Record<string, Command>;
}
