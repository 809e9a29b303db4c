import type { CommandId } from '../../commands/command';
import { shortcutOf } from '../../commands/keys-in-force.svelte';
import { planeTools, type ToolName } from '../../tools/tool-names';
import type { EraseTo } from '../../tools/tool-settings';
import { en } from '../../strings/en';

export interface Modifiers {
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly space: boolean;
}

export interface Hint {
  readonly keys: readonly string[];
  readonly text: string;
}

/** What hands can do depends on this, too. */
export interface Situation {
  readonly readOnly: boolean;
  /** The slice has a prediction. */
  readonly predicted: boolean;
  readonly eraseTo: EraseTo;
  /** Keys are meant for a view of slices, not of planes at right angles to them. */
  readonly slices: boolean;
}

const k = en.status.keys;
const zoom: Hint = { keys: [k.ctrl, k.wheel], text: k.zoom };
const pan: Hint = { keys: [k.space], text: k.pan };
const apply: Hint = { keys: [k.enter], text: k.apply };
const drop: Hint = { keys: [k.escape], text: k.drop };
const back: Hint = { keys: ['⌫'], text: k.back };
const sides: Hint = { keys: ['1', '9'], text: k.label };

/** The caps of a command's key in force; none = the hint is left out. */
const caps = (command: CommandId): readonly string[] => shortcutOf(command) ?? [];
/** What is still to be pressed while a modifier is held; nothing where the key asks for no modifier. */
const under = (modifier: string, command: CommandId): readonly string[] =>
  caps(command).includes(modifier) ? caps(command).filter((cap) => cap !== modifier) : [];
const sizes = (): readonly string[] => [...caps('brush.smaller'), ...caps('brush.larger')];

/** The two or three things that hands can do right now; they change with the tool, the keys held and the keymap. */
export function hintsFor(tool: ToolName, held: Modifiers, situation: Situation): readonly Hint[] {
  return allHints(tool, held, situation).filter(({ keys }) => keys.length > 0);
}

function allHints(
  tool: ToolName,
  held: Modifiers,
  { readOnly, predicted, eraseTo, slices }: Situation,
): readonly Hint[] {
  const nextPlane: Hint = { keys: caps('view.nextPlane'), text: en.planes.keys.next };
  const turn: Hint = { keys: [k.wheel], text: slices ? k.slices : en.planes.keys.turn };
  if (held.space) return [{ keys: [k.drag], text: k.pan }, zoom];
  if (held.ctrl)
    return [
      { keys: [k.wheel], text: k.zoom },
      { keys: under(k.ctrl, 'edit.undo'), text: en.common.undo.toLowerCase() },
      { keys: under(k.ctrl, 'view.fit'), text: en.tools.fit.toLowerCase() },
    ];
  if (readOnly) return [turn, zoom, pan];
  if (!slices && !planeTools.has(tool)) return [nextPlane, zoom, pan];
  if (held.alt)
    return [
      { keys: [k.click], text: k.pick },
      { keys: [k.drag], text: k.resize },
    ];
  if (held.shift) {
    const ten: Hint = { keys: under(k.shift, 'slice.forwardTen'), text: k.tenSlices };
    if (tool === 'confirm-region' || tool === 'unreview-region')
      return [{ keys: [k.drag], text: k.rectangle }, ten];
    if (tool !== 'brush' && tool !== 'eraser')
      return [ten, { keys: under(k.shift, 'model.segmentStack'), text: k.wholeStack }];
    return [
      { keys: [k.click], text: k.straight },
      { keys: [k.wheel], text: k.resize },
      predicted && slices
        ? { keys: under(k.shift, 'review.confirmSlice'), text: k.confirmSlice }
        : { keys: under(k.shift, 'model.segmentStack'), text: k.wholeStack },
    ];
  }
  switch (tool) {
    case 'brush':
      return [
        { keys: [k.rightDrag], text: k.erase[eraseTo] },
        { keys: sizes(), text: k.size },
        predicted && slices ? { keys: caps('review.confirmRegion'), text: k.confirmRegion } : turn,
      ];
    case 'eraser':
      return [
        { keys: caps('brush.swap'), text: en.tools.brush.toLowerCase() },
        { keys: sizes(), text: k.size },
        pan,
      ];
    case 'fill':
      return [{ keys: [k.click], text: k.fill }, sides, pan];
    case 'lasso':
      return [{ keys: [k.drag], text: k.outline }, apply, drop];
    case 'polygon':
      return [{ keys: [k.click], text: k.corner }, back, apply];
    case 'wand':
      return [{ keys: [k.click], text: k.select }, { keys: [k.drag], text: k.tolerance }, apply];
    case 'follower':
      return [{ keys: [k.click], text: k.leg }, back, apply];
    case 'gap':
      return [{ keys: [k.click], text: k.closeGap }, drop, pan];
    case 'adjust':
      return [{ keys: [k.drag], text: k.onlyRegion }, { keys: sizes(), text: k.amount }, apply];
    case 'confirm-brush':
      return [
        { keys: [k.drag], text: k.confirm },
        { keys: sizes(), text: k.size },
        { keys: caps('review.confirmSlice'), text: k.confirmSlice },
      ];
    case 'unreview-region':
      return [{ keys: [k.drag], text: k.outline }, apply, drop];
    case 'unreview-brush':
      return [{ keys: [k.drag], text: k.unreview }, { keys: sizes(), text: k.size }, pan];
    case 'confirm-region':
      return [
        { keys: [k.drag], text: k.outline },
        { keys: [k.enter], text: k.confirmRegion },
        { keys: caps('review.confirmSlice'), text: k.confirmSlice },
      ];
    case 'pick':
      return [{ keys: [k.click], text: k.pick }, turn];
    case 'pan':
      return [{ keys: [k.drag], text: k.pan }, zoom];
  }
}
