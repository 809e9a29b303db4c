import { formatSliceRange } from '#contract/slice-range';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 5210 → "5,210". */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** Three decimals, as scores are printed in the field: 0.974. */
export function formatScore(value: number): string {
  return value.toFixed(3);
}

/** Two decimals: thresholds and probabilities. */
export function formatProbability(value: number): string {
  return value.toFixed(2);
}

/** Fraction 0…1 as percent; one decimal below 10 %. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  return `${percent !== 0 && percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** At most `digits` decimals without trailing zeros: 4.6, 50, 0.25. */
export function formatDecimal(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)));
}

/** A length in nanometres, in the unit a microscopist would say: 110 nm, 2.45 µm, 1.2 mm. */
export function formatLength(nanometres: number): string {
  const size = Math.abs(nanometres);
  if (size < 1000) return `${formatDecimal(nanometres, size < 10 ? 1 : 0)} nm`;
  if (size < 1_000_000) return `${formatDecimal(nanometres / 1000)} µm`;
  return `${formatDecimal(nanometres / 1_000_000)} mm`;
}

/** 38 s, 4 min 10 s, 1 h 10 min: two units at most. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) {
    const rest = whole % 60;
    return rest === 0 || minutes >= 10
      ? `${String(minutes)} min`
      : `${String(minutes)} min ${String(rest)} s`;
  }
  const rest = minutes % 60;
  const hours = `${String(Math.floor(minutes / 60))} h`;
  return rest === 0 ? hours : `${hours} ${String(rest)} min`;
}

const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** When something was, as one says it `now`: 12 min ago, today 09:14, yesterday 17:02, Monday, 3 Oct 2026. */
export function formatWhen(then: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  if (!Number.isFinite(minutes)) return '';
  if (minutes < 0) return date.format(then);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${String(minutes)} min ago`;
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const daysBack = Math.ceil((midnight.getTime() - then.getTime()) / 86_400_000);
  if (daysBack <= 0) return `today ${clock.format(then)}`;
  if (daysBack === 1) return `yesterday ${clock.format(then)}`;
  return daysBack < 7 ? day.format(then) : date.format(then);
}

/** 64 MB, 1.2 GB: decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatDecimal(value, value < 10 && unit > 0 ? 1 : 0)} ${units[unit] ?? 'B'}`;
}

/** Slices as a person reads them, from 1: 1–4, 9. */
export function formatSlices(slices: readonly number[]): string {
  return formatSliceRange(slices, 1).replaceAll('-', '–').replaceAll(',', ', ');
}

/** "1 stroke", "37 strokes". */
export function plural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
