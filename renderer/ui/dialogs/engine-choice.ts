import type { EngineOverview, EnginePick, EngineReport, Settings } from '#contract/entities';
import { en } from '../../strings/en';

const say = en.dialogs.engines;

type Wish = Pick<Settings, 'engine' | 'device' | 'provider'>;
type Place = Pick<EngineReport, 'name' | 'provider'>;

export const automatic: Wish = { engine: 'auto', device: 'auto', provider: 'auto' };

export function sameEngine(a: Place | null, b: Place): boolean {
  return a?.name === b.name && a.provider === b.provider;
}

export function isAutomatic({ engine, device, provider }: Wish): boolean {
  return engine === 'auto' && device === 'auto' && provider === 'auto';
}

/** The row that the settings lead to; null = Automatic. Settings may name an engine without its device. */
export function chosenRow(
  settings: Wish,
  { engines, segment }: Pick<EngineOverview, 'engines' | 'segment'>,
): EngineReport | null {
  if (isAutomatic(settings)) return null;
  const { engine, device, provider } = settings;
  const fitting = engines.filter(
    (row) =>
      (engine === 'auto' || row.name === engine) &&
      (device === 'auto' || row.device === device) &&
      (provider === 'auto' || row.provider === provider),
  );
  return fitting.find((row) => sameEngine(segment, row)) ?? fitting[0] ?? null;
}

/** What a row is used for now. */
export function useOf(
  row: Place,
  { segment, train }: Pick<EngineOverview, 'segment' | 'train'>,
): 'segment' | 'train' | 'both' | null {
  const segments = sameEngine(segment, row);
  const trains = sameEngine(train, row);
  if (segments && trains) return 'both';
  return segments ? 'segment' : trains ? 'train' : null;
}

/** How many times faster slices are segmented in 8 bits than in floats by the best engine; null = no faster, or not known. */
export function fastGain(
  settings: Wish,
  { engines, segment }: Pick<EngineOverview, 'engines' | 'segment'>,
): number | null {
  const row = engines.find((engine) => sameEngine(segment, engine));
  const fast = row?.fastMs ?? null;
  if (!row || fast === null) return null;
  const usual = engines
    .filter(({ verdict }) => verdict === 'passes' && isAutomatic(settings))
    .map(({ forwardMs }) => forwardMs ?? Infinity);
  const gain = Math.min(row.forwardMs ?? Infinity, ...usual) / fast;
  return gain > 1 && Number.isFinite(gain) ? gain : null;
}

/** One line for each engine that is taken: for what, and why that one. */
export function takenLines(overview: EngineOverview): readonly string[] {
  const { segment, train, engines } = overview;
  const passing = engines.filter(({ verdict }) => verdict === 'passes').length;
  const line = (doing: 'segment' | 'train' | 'both', pick: EnginePick): string =>
    `${say.taken(doing, say.placed(pick.name, pick.provider))}: ${say.why[pick.why](doing, passing)}.`;
  if (segment !== null && train !== null && sameEngine(segment, train) && segment.why === train.why)
    return [line('both', segment)];
  return [
    ...(segment === null ? [] : [line('segment', segment)]),
    ...(train === null ? [] : [line('train', train)]),
  ];
}

export function timeText(milliseconds: number | null): string {
  if (milliseconds === null) return en.common.none;
  return milliseconds < 10_000 ? say.milliseconds(milliseconds) : say.seconds(milliseconds);
}
