/** Class of children that may go without being missed: a folded one is not counted. */
const OPTIONAL = 'quiet';

/**
 * Watches a row whose children wrap while only its first line is seen, and
 * keeps those of the further lines out of reach of Tab and screen readers;
 * `folded` hears how many they are. Returns `show`, which says that all lines
 * are seen now, and the disposer.
 */
export function foldRow(
  row: HTMLElement,
  folded: (count: number) => void,
): { readonly show: (all: boolean) => void; readonly dispose: () => void } {
  let shown = false;
  const children = (): HTMLElement[] =>
    [...row.children].filter((child) => child instanceof HTMLElement);
  const look = (): void => {
    const all = children();
    const first = all[0];
    if (!first) {
      folded(0);
      return;
    }
    const line = first.offsetTop + first.offsetHeight;
    const beyond = all.filter((child) => child.offsetTop >= line);
    for (const child of all) child.inert = !shown && beyond.includes(child);
    folded(beyond.filter((child) => !child.classList.contains(OPTIONAL)).length);
  };
  const sizes = new ResizeObserver(look);
  const watch = (): void => {
    sizes.disconnect();
    sizes.observe(row);
    for (const child of children()) sizes.observe(child);
  };
  const parts = new MutationObserver(() => {
    watch();
    look();
  });
  parts.observe(row, { childList: true });
  watch();
  return {
    show: (all) => {
      shown = all;
      look();
    },
    dispose: () => {
      sizes.disconnect();
      parts.disconnect();
    },
  };
}
