/** Nanometres of each unit, by its short sign (case matters) and by its name in the singular. */
const signs: Readonly<Record<string, number>> = {
  pm: 1e-3,
  Å: 0.1,
  å: 0.1,
  A: 0.1,
  nm: 1,
  µm: 1e3,
  um: 1e3,
  mm: 1e6,
  cm: 1e7,
  m: 1e9,
  in: 2.54e7,
  '"': 2.54e7,
};
const names: Readonly<Record<string, number>> = {
  picometer: 1e-3,
  angstrom: 0.1,
  ångström: 0.1,
  ångstrom: 0.1,
  nanometer: 1,
  nanometre: 1,
  micron: 1e3,
  micrometer: 1e3,
  millimeter: 1e6,
  centimeter: 1e7,
  meter: 1e9,
  inch: 2.54e7,
  inches: 2.54e7,
};
const NOT_A_LENGTH = new Set(['', 'pixel', 'pixels', 'px', 'none', 'null', 'unknown', 'voxel']);
const LONGEST_UNIT = 64;

/**
 * A unit as people write it: escapes (`\u00B5`) and what UTF-8 became when read
 * as Latin-1 undone, one mu for both, no white space.
 */
function plainUnit(unit: string): string {
  return unit
    .slice(0, LONGEST_UNIT)
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll('\u00c2\u00b5', 'µ')
    .replaceAll('\u00ce\u00bc', 'µ')
    .replaceAll('\u00c3\u2026', 'Å')
    .replaceAll('\u00c3\u0085', 'Å')
    .replaceAll('\u212b', 'Å')
    .replaceAll('\u03bc', 'µ')
    .trim()
    .normalize('NFC');
}

/**
 * Nanometres of a unit as ImageJ, OME and others write it: signs, names in
 * either spelling and number, both mu signs, escapes; null for pixels and
 * unknown words.
 */
export function unitInNanometres(unit: string): number | null {
  const plain = plainUnit(unit);
  const sign = signs[plain] ?? signs[plain.replace(/\.$/, '')];
  if (sign !== undefined) return sign;
  const word = plain
    .toLowerCase()
    .replace('µ', 'micro')
    .replace(/metre(s?)$/, 'meter$1');
  return names[word] ?? names[word.replace(/s$/, '')] ?? signs[plain.toLowerCase()] ?? null;
}

/** Whether a unit says in so many words that sizes are in pixels, or not known. */
export function isNoLength(unit: string): boolean {
  return NOT_A_LENGTH.has(plainUnit(unit).toLowerCase());
}

/** A usable edge length in nm (7 significant digits); zero, negative and not-a-number mean unknown. */
export function edgeLength(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  const rounded = Number(value.toPrecision(7));
  return rounded > 0 ? rounded : null;
}
