import type { Point } from '#labels/rasterize';
import type { Modifiers } from '../../tools/tool';
import type { PointerButton } from '../../tools/tool-controller';

/** A pointer position, and how hard a pen is pressed there (0…1). */
export interface InputPoint extends Point {
  readonly pressure?: number;
}

/** What a person does to the view, in CSS pixels of its container. */
export interface ViewInputTarget {
  /** Keys are meant for this view: there may be several. */
  hears(): boolean;
  press(button: PointerButton, at: InputPoint, modifiers: Modifiers, event: PointerEvent): void;
  /** Every position since the last call, oldest first. */
  move(points: readonly InputPoint[], modifiers: Modifiers, event: PointerEvent): void;
  release(at: InputPoint, event: PointerEvent): void;
  /** Comes after the two presses and releases. */
  doubleClick(): void;
  lose(): void;
  leave(): void;
  wheel(event: WheelEvent, at: Point): void;
  holdPan(held: boolean): void;
  /** True when the key did something here and goes no further. */
  escape(): boolean;
  accept(): boolean;
  back(): boolean;
}

const buttons: readonly PointerButton[] = [0, 1, 2];

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

/** Space on a focused control presses it. */
function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('button, a[href], [role="button"], summary')
  );
}

/** Listens to pointer, wheel and the three keys that belong to gestures. Returns the disposer. */
export function listenToView(container: HTMLElement, target: ViewInputTarget): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let captured: number | null = null;
  // Measured once a gesture, since it forces layout.
  let box = container.getBoundingClientRect();
  const measure = (): void => {
    box = container.getBoundingClientRect();
  };
  const at = (event: MouseEvent): Point => ({
    x: event.clientX - box.left,
    y: event.clientY - box.top,
  });
  const pointOf = (event: PointerEvent): InputPoint =>
    event.pointerType === 'pen' ? { ...at(event), pressure: event.pressure } : at(event);
  const modifiersOf = (event: MouseEvent): Modifiers => ({
    shift: event.shiftKey,
    control: event.ctrlKey || event.metaKey,
    alt: event.altKey,
  });
  const release = (event: PointerEvent): void => {
    captured = null;
    if (container.hasPointerCapture(event.pointerId))
      container.releasePointerCapture(event.pointerId);
  };

  container.addEventListener('pointerenter', measure, { signal });
  container.addEventListener(
    'pointerdown',
    (event) => {
      const button = buttons.find((one) => one === event.button);
      if (button === undefined || captured !== null) return;
      measure();
      captured = event.pointerId;
      container.setPointerCapture(event.pointerId);
      // Keeps text unselected and the middle button from scrolling, and leaves the focus to us.
      event.preventDefault();
      container.focus({ preventScroll: true });
      target.press(button, pointOf(event), modifiersOf(event), event);
    },
    { signal },
  );
  container.addEventListener(
    'pointermove',
    (event) => {
      if (captured !== null && event.pointerId !== captured) return;
      const all = event.getCoalescedEvents();
      const points = all.length > 0 ? all.map(pointOf) : [pointOf(event)];
      target.move(points, modifiersOf(event), event);
    },
    { signal },
  );
  container.addEventListener(
    'pointerup',
    (event) => {
      if (event.pointerId !== captured) return;
      release(event);
      target.release(pointOf(event), event);
    },
    { signal },
  );
  container.addEventListener(
    'dblclick',
    (event) => {
      if (event.button === 0) target.doubleClick();
    },
    { signal },
  );
  const lose = (event: PointerEvent): void => {
    if (event.pointerId !== captured) return;
    captured = null;
    target.lose();
  };
  container.addEventListener('pointercancel', lose, { signal });
  container.addEventListener('lostpointercapture', lose, { signal });
  container.addEventListener(
    'pointerleave',
    () => {
      if (captured === null) target.leave();
    },
    { signal },
  );
  container.addEventListener(
    'contextmenu',
    (event) => {
      event.preventDefault();
    },
    { signal },
  );
  container.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      if (captured === null) measure();
      target.wheel(event, at(event));
    },
    { signal, passive: false },
  );

  const keydown = (event: KeyboardEvent): void => {
    if (isTyping(event.target) || !target.hears()) return;
    const handled = ((): boolean => {
      switch (event.code) {
        case 'Space':
          if (isControl(event.target) || event.ctrlKey || event.metaKey || event.altKey)
            return false;
          target.holdPan(true);
          return true;
        case 'Escape':
          return target.escape();
        case 'Enter':
        case 'NumpadEnter':
          return !event.shiftKey && !isControl(event.target) && target.accept();
        case 'Backspace':
          return target.back();
        default:
          return false;
      }
    })();
    if (!handled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', keydown, { signal, capture: true });
  window.addEventListener(
    'keyup',
    (event) => {
      if (event.code === 'Space') target.holdPan(false);
    },
    { signal, capture: true },
  );
  window.addEventListener(
    'blur',
    () => {
      target.holdPan(false);
      if (captured !== null) {
        captured = null;
        target.lose();
      }
    },
    { signal },
  );
  return () => {
    stop.abort();
  };
}
