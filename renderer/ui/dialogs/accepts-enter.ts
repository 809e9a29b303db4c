/**
 * Whether a key press accepts a dialog that opened at `opened` (milliseconds,
 * as `performance.now`): Enter, but not on a button, which has its own meaning
 * for it, not held down, and not the very press that opened the dialog.
 */
export function acceptsEnter(event: KeyboardEvent, opened: number): boolean {
  return (
    event.key === 'Enter' &&
    !event.repeat &&
    event.timeStamp >= opened &&
    !(event.target instanceof HTMLButtonElement)
  );
}
