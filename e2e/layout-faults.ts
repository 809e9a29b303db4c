import type { Page } from '@playwright/test';

/**
 * What is wrong with how the screen is laid out, one line a fault: controls
 * and words that lie over one another, leave the window, are cut, or can't be
 * hit where one would press. While a dialog or a menu is open, only what is in it
 * counts. The picture itself may lie under anything.
 */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    interface Box {
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    }
    /** Rounding, and the hair lines that neighbours share. */
    const slack = 1.5;
    const controls =
      'button, a[href], input, select, textarea, summary, [role=slider], [role=option], [role=menuitem], [role=checkbox]';
    const top = [...document.querySelectorAll('dialog:modal, [role=menu]')].at(-1);
    const root = top ?? document.body;
    const faults = new Set<string>();
    const name = (element: Element): string => {
      const text = element.getAttribute('aria-label') ?? element.textContent.trim();
      return `<${element.tagName.toLowerCase()}> “${text.replaceAll(/\s+/g, ' ').slice(0, 60)}”`;
    };
    const meet = (a: Box, b: Box): Box => ({
      left: Math.max(a.left, b.left),
      top: Math.max(a.top, b.top),
      right: Math.min(a.right, b.right),
      bottom: Math.min(a.bottom, b.bottom),
    });
    const empty = (box: Box): boolean =>
      box.right - box.left <= slack || box.bottom - box.top <= slack;
    const ends = (element: Element): boolean =>
      element.closest('[title]') !== null || element.closest('[aria-hidden=true]') !== null;

    /** The part of a box that is in sight; what scrolls is no fault, what is cut is. */
    const inSight = (element: Element, whole: Box, what: string): Box | null => {
      let box = whole;
      let position = getComputedStyle(element).position;
      for (let at = element.parentElement; at && position !== 'fixed'; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (position === 'absolute' && style.position === 'static') continue;
        position = style.position;
        const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
        if (!clips || at === document.body) continue;
        const outer = at.getBoundingClientRect();
        const scrolls = [style.overflowX, style.overflowY].some((one) => /auto|scroll/.test(one));
        const seen = meet(box, outer);
        const cut =
          box.left < outer.left - slack ||
          box.right > outer.right + slack ||
          box.top < outer.top - slack ||
          box.bottom > outer.bottom + slack;
        const told =
          (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') && ends(at);
        // What has no room may be left out whole, but a control only if Tab leaves it out too.
        const out = empty(seen) && (!element.matches(controls) || element.closest('[inert]'));
        if (cut && !scrolls && !told && !out) faults.add(`cut: ${what} by ${name(at)}`);
        box = seen;
        if (empty(box)) return null;
      }
      const view = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
      const seen = meet(box, view);
      if (
        box.left < -slack ||
        box.top < -slack ||
        box.right > innerWidth + slack ||
        box.bottom > innerHeight + slack
      )
        faults.add(`outside the window: ${what}`);
      return empty(seen) ? null : seen;
    };

    const items: { element: Element; box: Box; control: boolean }[] = [];
    const shown = (element: Element): boolean =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest('.visually-hidden, option') === null;
    for (const element of root.querySelectorAll(controls)) {
      const whole = element.getBoundingClientRect();
      if (!shown(element) || empty(whole)) continue;
      const box = inSight(element, whole, name(element));
      if (box !== null) items.push({ element, box, control: true });
    }
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const element = node.parentElement;
      if (!element || node.textContent?.trim() === '' || !shown(element)) continue;
      if (element.closest('script, style') !== null) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const style = getComputedStyle(element);
      const clips = style.overflowX !== 'visible' && element.clientWidth > 0;
      const longer = clips && element.scrollWidth > element.clientWidth + 1;
      // A name may end in dots where a tooltip tells the rest; a state may not.
      const told =
        /auto|scroll/.test(style.overflowX) ||
        (style.textOverflow === 'ellipsis' && ends(element) && !element.closest('[role=status]'));
      if (longer && !told) faults.add(`cut without a word: ${name(element)}`);
      const whole = range.getBoundingClientRect();
      const own = clips ? meet(whole, element.getBoundingClientRect()) : whole;
      const box = inSight(element, own, name(element));
      if (box !== null) items.push({ element, box, control: false });
    }

    items.forEach((one, index) => {
      for (const other of items.slice(index + 1)) {
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
        if (!empty(meet(one.box, other.box)))
          faults.add(`over one another: ${name(one.element)} and ${name(other.element)}`);
      }
      if (!one.control) return;
      const { left, top: above, right, bottom } = one.box;
      const hit = document.elementFromPoint((left + right) / 2, (above + bottom) / 2);
      const label = one.element.closest('label');
      const reached =
        hit !== null &&
        (one.element.contains(hit) || hit.contains(one.element) || label?.contains(hit) === true);
      if (!reached) faults.add(`covered: ${name(one.element)} by ${hit ? name(hit) : 'nothing'}`);
    });
    return [...faults];
  });
}
