import { AdjustTool } from './adjust-tool';
import { BrushTool } from './brush-tool';
import { FillTool } from './fill-tool';
import { FollowTool } from './follow-tool';
import { GapTool } from './gap-tool';
import { LassoTool } from './lasso-tool';
import { PanTool } from './pan-tool';
import { PickOrResizeTool, PickTool } from './pick-tool';
import { PolygonTool } from './polygon-tool';
import { ReviewBrushTool } from './review-brush-tool';
import { ReviewRegionTool } from './review-region-tool';
import type { Modifiers, Tool, ToolExit, ToolHost, ToolPoint } from './tool';
import { isBrush, planeTools, type ToolName } from './tool-names';
import { WandTool } from './wand-tool';

/** 0 = left, 1 = middle, 2 = right, as in DOM events. */
export type PointerButton = 0 | 1 | 2;

/** A right press further than this from where it began, in CSS pixels, is a drag that erases, not a click. */
const RIGHT_DRAG = 3;

/** A step made ready by a command, shown and waiting: Enter does it, Escape and everything else does not. */
export interface PendingEdit {
  commit(): void;
  /** Takes its preview away. */
  drop(): void;
}

/**
 * Decides which tool a press belongs to, and hands the gesture to it till the
 * end: Space or the middle button pans, right-drag and Ctrl-drag erase, Alt
 * picks or sizes, everything else is the chosen tool's. A step that a command
 * proposes goes before all of them.
 */
export class ToolController {
  readonly #tools: Readonly<Record<ToolName, Tool>>;
  readonly #host: ToolHost;
  readonly #pickOrResize: Tool;
  readonly #stateChanged: (path: string) => void;
  readonly #rightClicked: (at: ToolPoint) => void;
  #chosen: ToolName = 'brush';
  #gesture: Tool | null = null;
  #proposal: PendingEdit | null = null;
  /** A right press that may become a drag. */
  #rightPress: { readonly at: ToolPoint; readonly modifiers: Modifiers } | null = null;
  #panHeld = false;
  #path = 'brush.idle';

  /** `rightClicked` hears of right presses that did not become a drag. */
  constructor(
    host: ToolHost,
    stateChanged: (path: string) => void,
    rightClicked: (at: ToolPoint) => void = () => undefined,
  ) {
    this.#host = host;
    this.#rightClicked = rightClicked;
    this.#tools = {
      brush: new BrushTool(host, 'brush'),
      eraser: new BrushTool(host, 'eraser'),
      fill: new FillTool(host),
      lasso: new LassoTool(host),
      polygon: new PolygonTool(host),
      wand: new WandTool(host),
      follower: new FollowTool(host),
      gap: new GapTool(host),
      adjust: new AdjustTool(host),
      'confirm-region': new ReviewRegionTool(host, 'confirm'),
      'confirm-brush': new ReviewBrushTool(host, 'confirm'),
      'unreview-region': new ReviewRegionTool(host, 'unreview'),
      'unreview-brush': new ReviewBrushTool(host, 'unreview'),
      pick: new PickTool(host),
      pan: new PanTool(host),
    };
    this.#pickOrResize = new PickOrResizeTool(host);
    this.#stateChanged = stateChanged;
  }

  get chosen(): ToolName {
    return this.#chosen;
  }

  /** The active path, as `brush.stroke` or `pan.drag`. */
  get path(): string {
    return this.#path;
  }

  /** A press of the chosen tool is a click. */
  get clicks(): boolean {
    return this.#tools[this.#chosen].clicks === true;
  }

  /** A gesture is under way. */
  get busy(): boolean {
    return this.#gesture !== null;
  }

  choose(name: ToolName): void {
    if (name === this.#chosen) return;
    this.#dropProposal();
    this.#end('switch');
    this.#tools[this.#chosen].exit('switch');
    this.#chosen = name;
    if (this.#works(name)) this.#tools[name].refresh?.('options');
    this.#tell();
  }

  /** Takes what was under way back and shows a step that waits for Enter. */
  propose(proposal: PendingEdit): void {
    this.escape();
    this.#proposal = proposal;
    this.#tell();
  }

  /** Options have changed, or labels, or what is known of the slice. */
  refresh(why: 'options' | 'slice'): void {
    if (this.#works(this.#chosen)) this.#tools[this.#chosen].refresh?.(why);
    this.#tell();
  }

  /** The pointer without a press, at most once a frame; null = it left. */
  hover(at: ToolPoint | null, modifiers: Modifiers): void {
    if (this.#gesture || this.#rightPress || this.#proposal || !this.#works(this.#chosen)) return;
    this.#tools[this.#chosen].hover?.(this.#panHeld ? null : at, modifiers);
  }

  /** Backspace; false when there was nothing to take back. */
  back(): boolean {
    const back = this.#gesture === null && this.#tools[this.#chosen].back?.() === true;
    this.#tell();
    return back;
  }

  /** Space went down or up. */
  holdPan(held: boolean): void {
    if (held === this.#panHeld) return;
    this.#panHeld = held;
    this.#tell();
  }

  press(button: PointerButton, at: ToolPoint, modifiers: Modifiers): void {
    if (this.#gesture || this.#rightPress) return;
    if (button !== 1 && !this.#panHeld) this.#dropProposal();
    if (button === 0 && !this.#panHeld && !this.#works(this.#chosen)) {
      this.#host.tellBlocked('slices-only');
      return;
    }
    if (button === 2 && !this.#panHeld) {
      this.#rightPress = { at, modifiers };
      return;
    }
    this.#begin(this.#toolFor(button, modifiers), at, modifiers);
  }

  drag(points: readonly ToolPoint[]): void {
    const right = this.#rightPress;
    if (right) {
      const far = points.some(
        ({ view }) => Math.hypot(view.x - right.at.view.x, view.y - right.at.view.y) > RIGHT_DRAG,
      );
      if (!far) return;
      this.#rightPress = null;
      this.#begin(this.#tools.eraser, right.at, { ...right.modifiers, shift: false });
    }
    this.#gesture?.drag(points);
    if (this.#gesture) this.#tell();
  }

  release(): void {
    const clicked = this.#rightPress;
    this.#rightPress = null;
    this.#gesture?.release();
    this.#gesture = null;
    this.#tell();
    if (clicked) this.#rightClicked(clicked.at);
  }

  /** The pointer went away without a release. */
  lose(): void {
    this.#end('lost');
  }

  /** Escape; false when there was nothing to abort. */
  escape(): boolean {
    if (this.#proposal) {
      this.#dropProposal();
      this.#tell();
      return true;
    }
    const chosen = this.#tools[this.#chosen];
    const active = this.#gesture !== null || this.#rightPress !== null || chosen.state !== 'idle';
    this.#end('abort');
    chosen.exit('abort');
    this.#tell();
    return active;
  }

  /** Enter; false when there was nothing to accept. */
  accept(): boolean {
    if (this.#gesture) return false;
    if (this.#proposal) {
      const proposal = this.#proposal;
      this.#dropProposal();
      proposal.commit();
      this.#tell();
      return true;
    }
    const accepted = this.#tools[this.#chosen].accept();
    this.#tell();
    return accepted;
  }

  /** Whether a tool works in what is in view. */
  #works(name: ToolName): boolean {
    return this.#host.plane === null || planeTools.has(name);
  }

  #toolFor(button: PointerButton, modifiers: Modifiers): Tool {
    if (button === 1 || this.#panHeld) return this.#tools.pan;
    const paints = this.#chosen === 'brush' || this.#chosen === 'eraser';
    if (isBrush(this.#chosen) && modifiers.alt) return this.#pickOrResize;
    if (paints && modifiers.control) return this.#tools.eraser;
    return this.#tools[this.#chosen];
  }

  #begin(tool: Tool, at: ToolPoint, modifiers: Modifiers): void {
    this.#gesture = tool;
    tool.press(at, modifiers);
    this.#tell();
  }

  #end(reason: ToolExit): void {
    this.#rightPress = null;
    this.#gesture?.exit(reason);
    this.#gesture = null;
    this.#tell();
  }

  #dropProposal(): void {
    this.#proposal?.drop();
    this.#proposal = null;
  }

  #tell(): void {
    const tool = this.#gesture ?? this.#tools[this.#panHeld ? 'pan' : this.#chosen];
    const path = this.#proposal ? 'proposal.waiting' : `${this.#nameOf(tool)}.${tool.state}`;
    if (path === this.#path) return;
    this.#path = path;
    this.#stateChanged(path);
  }

  #nameOf(tool: Tool): string {
    if (tool === this.#pickOrResize) return 'pick-or-resize';
    return Object.entries(this.#tools).find(([, candidate]) => candidate === tool)?.[0] ?? '';
  }
}
