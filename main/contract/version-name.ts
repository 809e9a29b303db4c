/** Longest name of a model version or a saved state that is made here, in characters. */
const LONGEST = 60;

/** "general · 3" → ["general", 3]; a name without a number is the first of its line. */
function lineOf(name: string): readonly [line: string, number: number] {
  const match = /^(.*) · (\d{1,6})$/.exec(name);
  return match ? [match[1] ?? name, Number(match[2])] : [name, 1];
}

/**
 * The name of a version that comes after `name`: the same line of descent, one
 * more than the highest number that the line has had in `taken`, so that going
 * back and retraining again gives no name twice. "general" → "general · 2".
 */
export function nextVersionName(name: string, taken: readonly string[]): string {
  const [line, own] = lineOf(name);
  const used = taken.map(lineOf).filter(([other]) => other === line);
  const highest = Math.max(own, ...used.map(([, number]) => number));
  for (let number = highest + 1; ; number += 1) {
    const ending = ` · ${String(number)}`;
    // A long name gives up its end, not its number.
    const next = line.slice(0, LONGEST - ending.length) + ending;
    if (!taken.includes(next)) return next;
  }
}

/** A name that the user gave, with a number where another version has it already. */
export function freeVersionName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? nextVersionName(name, taken) : name;
}
