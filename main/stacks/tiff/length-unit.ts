const nanometres: Readonly<Record<string, number>> = {
  pm: 1e-3,
  Å: 0.1,
  å: 0.1,
  angstrom: 0.1,
  nm: 1,
  nanometer: 1,
  nanometre: 1,
  µm: 1e3,
  um: 1e3,
  micron: 1e3,
  microns: 1e3,
  micrometer: 1e3,
  micrometre: 1e3,
  mm: 1e6,
  millimeter: 1e6,
  cm: 1e7,
  m: 1e9,
  meter: 1e9,
  inch: 2.54e7,
  in: 2.54e7,
};

/** Nanometres of a unit as ImageJ and OME write it, both mu signs and ImageJ's escaped one included; null for pixels and unknown words. */
export function unitInNanometres(unit: string): number | null {
  const plain = unit
    .trim()
    .replace(/\\u00b5/gi, 'µ')
    .replace(/[\u03bc\u00b5]/g, 'µ');
  return nanometres[plain] ?? nanometres[plain.toLowerCase()] ?? null;
}

/** A usable edge length in nm (7 significant digits); zero, negative and not-a-number mean unknown. */
export function edgeLength(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  const rounded = Number(value.toPrecision(7));
  return rounded > 0 ? rounded : null;
}
