import type { Attachment } from 'svelte/attachments';

/**
 * Opens a dialog of the platform: the focus stays inside, Escape closes. The
 * focus begins on the frame or on the first control, and returns to where it
 * was, or to the picture where that is gone.
 */
export function modal(begin: 'frame' | 'first'): Attachment<HTMLDialogElement> {
  return (dialog) => {
    const before = document.activeElement;
    dialog.showModal();
    if (begin === 'frame') dialog.focus();
    return () => {
      const there = before instanceof HTMLElement && before.isConnected && before !== document.body;
      const back = there ? before : document.querySelector<HTMLElement>('[role="application"]');
      back?.focus({ preventScroll: true });
    };
  };
}
