import type { LabelClass } from '#contract/entities';
import { INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import { floodArea } from '#labels/operations/flood';
import { growArea } from '#labels/operations/grow';
import { polygonArea } from '#labels/operations/polygon';
import { everywhere, type PaintRule } from '#labels/paint-mode';
import { areaOfRect, type PixelArea } from '#labels/pixel-area';
import { useModel } from '../renderer/commands/model-commands';
import { models, shape, type ClassEdit, type Operation } from './random-operations';
import type { WindowOverMain } from './window-over-main';

/** Classes after an edit; the same list where there is nothing to do. */
function edited(
  classes: readonly LabelClass[],
  { edit, which, word }: Pick<ClassEdit, 'edit' | 'which' | 'word'>,
): readonly LabelClass[] {
  const at = which % classes.length;
  const one = classes[at];
  if (one === undefined) return classes;
  const colour = `#${(which * 0x0b3f1d + word.length).toString(16).padStart(6, '0').slice(-6)}`;
  switch (edit) {
    case 'add': {
      const id = Array.from({ length: 126 }, (_, i) => i + 1).find(
        (free) => !classes.some((each) => each.id === free),
      );
      return id === undefined ? classes : [...classes, { ...one, id, name: word, colour }];
    }
    case 'rename':
      return classes.with(at, { ...one, name: word });
    case 'recolour':
      return classes.with(at, { ...one, colour });
    case 'remove':
      return classes.length > 2 ? classes.filter((each) => each !== one) : classes;
    default:
      return [...classes.filter((each) => each !== one), one];
  }
}

/** The ways to paint over what is there. */
const rules: readonly PaintRule[] = [
  everywhere,
  { ...everywhere, overwrite: { kind: 'untouched' } },
  { ...everywhere, overwrite: { kind: 'only-class', class: INTERIOR } },
  { ...everywhere, locked: new Set([MEMBRANE]) },
];
const ruleAt = (index: number): PaintRule => rules[index] ?? everywhere;

/** An area worked out from the labels of a slice, and a name for the step. */
function areaFor(
  window: WindowOverMain,
  { kind, z, x, y }: Extract<Operation, { kind: 'fill' | 'grow' | 'unreview' }>,
): { readonly name: string; readonly area: PixelArea } {
  const labels = window.session.readField(z, window.everything);
  if (labels === null) throw new Error('the slice is not loaded');
  switch (kind) {
    case 'fill':
      return { name: 'Fill', area: floodArea(labels, { x, y }) };
    case 'grow': {
      const mask = labels.data.map((label) => (label === MEMBRANE ? 1 : 0));
      return { name: 'Grow', area: growArea({ rect: labels.rect, data: mask }, 2) };
    }
    case 'unreview': {
      const rect = { x, y, width: 90, height: 60 };
      return { name: 'Un-review', area: areaOfRect(rect, shape.width, shape.height) };
    }
  }
}

const stripes = Uint8Array.from({ length: TILE_PIXELS }, (_, i) => 1 + ((i >> 4) & 1));

/** Does one operation in the window, as the tools and panels do it. */
export async function perform(window: WindowOverMain, step: Operation): Promise<void> {
  const { session, topics, commands } = window;
  switch (step.kind) {
    case 'stroke': {
      const { z, label, radius, x, y, dx, dy } = step;
      const rule = ruleAt(step.rule);
      const stroke = session.beginStroke({ z, label, radius, rule, name: 'Brush' });
      stroke.extend([
        { x, y },
        { x: x + dx, y: y + dy },
      ]);
      if (step.ends === 'kept') stroke.commit();
      else stroke.abort();
      return;
    }
    case 'confirm':
    case 'erase': {
      const { x, y, width, height, corner } = step;
      const points = [
        { x, y },
        { x: x + width, y: y + corner * height },
        { x: x + corner * width, y: y + height },
      ];
      const slice = { x: 0, y: 0, width: shape.width, height: shape.height };
      const area = polygonArea(points, slice);
      if (step.kind === 'erase') session.paint(step.z, 'Erase', area, UNTOUCHED, everywhere);
      else session.confirm(step.z, { kind: 'polygon', points }, () => stripes);
      return;
    }
    case 'fill':
    case 'grow': {
      const { name, area } = areaFor(window, step);
      session.paint(step.z, name, area, step.label, ruleAt(step.rule));
      return;
    }
    case 'unreview': {
      const { name, area } = areaFor(window, step);
      session.unreview(step.z, name, area);
      return;
    }
    case 'span': {
      const rect = { x: step.x, y: step.y, width: 50, height: 30 };
      const area = areaOfRect(rect, shape.width, shape.height);
      session.transact(() => {
        for (const z of window.slices)
          session.paint(z, 'Interpolate', area, step.label, everywhere);
      });
      return;
    }
    case 'class': {
      const before = [...topics.project.classes];
      const after = [...edited(before, step)];
      if (JSON.stringify(after) !== JSON.stringify(before))
        topics.painting.change(`${step.edit} class`, { kind: 'classes', before, after });
      return;
    }
    case 'model': {
      const model = models[step.which];
      if (model !== undefined) await useModel(topics, model);
      return;
    }
    case 'segment': {
      // What a segmentation leaves in the window: the maps themselves are on the disk.
      const model = models[step.which];
      const stack = topics.project.open?.stack.id;
      if (model === undefined || stack === undefined) return;
      const added = step.slices.filter((z) => !topics.project.hasPrediction(model, z));
      topics.segmentSteps.add(stack, model, added);
      topics.segmentSteps.conclude();
      return;
    }
    case 'undo':
    case 'redo': {
      const command = commands[step.kind === 'undo' ? 'edit.undo' : 'edit.redo'];
      for (let n = 0; n < step.times && command.blocked() === null; n += 1) await command.run();
      return;
    }
  }
}
