/** Runs of digits and the text between them. */
const PARTS = /\d+|\D+/gu;

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By value, however many digits: leading zeros don't count. */
function compareDigits(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || compareText(x, y);
}

const isNumber = (part: string): boolean => /^\d/.test(part);

/**
 * The order in which a person reads numbered names: slice 2 before slice 10.
 * Upper and lower case are alike, and numbers stand before letters; names that
 * differ in nothing else go by their characters.
 */
export function naturalOrder(a: string, b: string): number {
  const [x, y] = [a.toLowerCase().match(PARTS) ?? [], b.toLowerCase().match(PARTS) ?? []];
  for (let at = 0; at < Math.min(x.length, y.length); at += 1) {
    const [p, q] = [x[at] ?? '', y[at] ?? ''];
    const numbers = isNumber(p) && isNumber(q);
    const order = numbers ? compareDigits(p, q) : compareText(p, q);
    if (order !== 0) return order;
  }
  return x.length - y.length || compareText(a, b);
}
