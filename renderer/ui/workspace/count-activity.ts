import type { Attachment } from 'svelte/attachments';
import { focusOf } from '../../commands/dispatcher';
import type { ActiveTime } from '../../state/looking/active-time';

const inputs = ['pointerdown', 'pointermove', 'pointerup', 'wheel'] as const;

/** A key for the canvas, whatever button has the focus: places are answered by one. */
function isWork(): boolean {
  const focus = focusOf(document.activeElement);
  return focus !== 'text' && focus !== 'dialog';
}

/** Every input on the element counts as work, and so do keys that go to no field and no dialog. */
export function countActivity(time: ActiveTime): Attachment<HTMLElement> {
  return (element) => {
    const stop = new AbortController();
    const options = { signal: stop.signal, capture: true, passive: true };
    const input = (): void => {
      time.input(performance.now());
    };
    for (const name of inputs) element.addEventListener(name, input, options);
    window.addEventListener(
      'keydown',
      () => {
        if (isWork()) input();
      },
      options,
    );
    return () => {
      stop.abort();
    };
  };
}
