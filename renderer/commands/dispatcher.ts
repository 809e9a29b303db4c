import type { KeyPress } from './chord';
import type { CommandId } from './command';
import { commandFor, keymap, type Binding } from './keymap';
import { runCommand, type CommandTable } from './table';

/** What has the keyboard: it decides which keys are left for shortcuts. */
export type Focus = 'canvas' | 'text' | 'slider' | 'button' | 'dialog';

/** Keys that a focused control needs for itself. */
const ownKeys: Readonly<Record<Exclude<Focus, 'canvas' | 'text' | 'dialog'>, readonly string[]>> = {
  slider: ['Home', 'End', 'PageUp', 'PageDown', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
  button: ['Enter', ' '],
};

/** The command that a key press asks for, given what has the focus. */
export function commandUnderFocus(
  press: KeyPress,
  focus: Focus,
  bindings: readonly Binding[] = keymap,
): CommandId | null {
  const command = commandFor(press, bindings);
  switch (focus) {
    case 'dialog':
      return null;
    case 'text':
      return null;
    case 'canvas':
      return command;
    case 'slider':
    case 'button':
      return ownKeys[focus].includes(press.key) ? null : command;
  }
}

/** What kind of thing has the focus. */
export function focusOf(element: Element | null): Focus {
  // The focus may have fallen to the page when a button of the dialog went away.
  if (document.querySelector('dialog:modal') !== null) return 'dialog';
  if (element === null) return 'canvas';
  if (element instanceof HTMLInputElement)
    return element.type === 'range' ? 'slider' : element.type === 'checkbox' ? 'button' : 'text';
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return 'text';
  if (element.getAttribute('role') === 'slider') return 'slider';
  if (element instanceof HTMLButtonElement || element instanceof HTMLAnchorElement) return 'button';
  return 'canvas';
}

/** Listens to the keyboard of a window; `refused` hears why a command can't be done now. Returns the disposer. */
export function dispatchKeys(
  target: Window,
  commands: CommandTable,
  bindings: () => readonly Binding[],
  refused: (reason: string) => void,
): () => void {
  const held = new Map<string, CommandId>();
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandUnderFocus(event, focusOf(document.activeElement), bindings());
    if (command === null) return;
    const lasting = commands[command].release !== undefined;
    if (event.repeat && lasting) return;
    event.preventDefault();
    const reason = commands[command].blocked();
    if (reason !== null) refused(reason);
    else if (runCommand(commands, command) && lasting) held.set(event.code, command);
  };
  const release = (event: KeyboardEvent): void => {
    const command = held.get(event.code);
    if (command === undefined) return;
    held.delete(event.code);
    commands[command].release?.();
  };
  const releaseAll = (): void => {
    for (const command of held.values()) commands[command].release?.();
    held.clear();
  };
  target.addEventListener('keydown', press);
  target.addEventListener('keyup', release);
  target.addEventListener('blur', releaseAll);
  return () => {
    releaseAll();
    target.removeEventListener('keydown', press);
    target.removeEventListener('keyup', release);
    target.removeEventListener('blur', releaseAll);
  };
}
