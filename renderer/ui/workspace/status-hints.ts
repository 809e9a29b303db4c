import type { ToolName } from '../../tools/tool-names';
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

const k = en.status.keys;
const wheelSlices: Hint = { keys: [k.wheel], text: k.slices };
const zoom: Hint = { keys: ['Ctrl', k.wheel], text: k.zoom };
const pan: Hint = { keys: [k.space], text: k.pan };
const apply: Hint = { keys: ['Enter'], text: k.apply };
const drop: Hint = { keys: ['Esc'], text: k.drop };
const back: Hint = { keys: ['⌫'], text: k.back };
const sides: Hint = { keys: ['1', '9'], text: k.label };

/** The two or three things that hands can do right now; they change with the tool and the keys held. */
export function hintsFor(
  tool: ToolName,
  held: Modifiers,
  readOnly: boolean,
  predicted: boolean,
): readonly Hint[] {
  if (held.space) return [{ keys: [k.drag], text: k.pan }, zoom];
  if (held.ctrl)
    return [
      { keys: [k.wheel], text: k.zoom },
      { keys: ['Z'], text: en.common.undo.toLowerCase() },
      { keys: ['0'], text: en.tools.fit.toLowerCase() },
    ];
  if (readOnly) return [wheelSlices, zoom, pan];
  if (held.alt)
    return [
      { keys: [k.click], text: k.pick },
      { keys: [k.drag], text: k.resize },
    ];
  if (held.shift) {
    const slices: Hint = { keys: ['PgDn'], text: k.tenSlices };
    if (tool === 'confirm-region' || tool === 'unreview-region')
      return [{ keys: [k.drag], text: k.rectangle }, slices];
    if (tool !== 'brush' && tool !== 'eraser') return [slices, { keys: ['S'], text: k.wholeStack }];
    return [
      { keys: [k.click], text: k.straight },
      { keys: [k.wheel], text: k.resize },
      predicted ? { keys: ['Enter'], text: k.confirmSlice } : { keys: ['S'], text: k.wholeStack },
    ];
  }
  switch (tool) {
    case 'brush':
      return [
        { keys: [k.rightDrag], text: k.erase },
        { keys: ['[', ']'], text: k.size },
        predicted ? { keys: ['Enter'], text: k.confirmRegion } : wheelSlices,
      ];
    case 'eraser':
      return [
        { keys: ['X'], text: en.tools.brush.toLowerCase() },
        { keys: ['[', ']'], text: k.size },
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
    case 'adjust':
      return [{ keys: [k.drag], text: k.onlyRegion }, { keys: ['[', ']'], text: k.amount }, apply];
    case 'confirm-brush':
      return [
        { keys: [k.drag], text: k.confirm },
        { keys: ['[', ']'], text: k.size },
        { keys: ['Shift', 'Enter'], text: k.confirmSlice },
      ];
    case 'unreview-region':
      return [{ keys: [k.drag], text: k.outline }, apply, drop];
    case 'unreview-brush':
      return [{ keys: [k.drag], text: k.unreview }, { keys: ['[', ']'], text: k.size }, pan];
    case 'confirm-region':
      return [
        { keys: [k.drag], text: k.outline },
        { keys: ['Enter'], text: k.confirmRegion },
        { keys: ['Shift', 'Enter'], text: k.confirmSlice },
      ];
    case 'pick':
      return [{ keys: [k.click], text: k.pick }, wheelSlices];
    case 'pan':
      return [{ keys: [k.drag], text: k.pan }, zoom];
  }
}
