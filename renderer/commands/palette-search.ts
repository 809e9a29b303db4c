/** How a title answers to what was typed. */
export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** Places of the letters that answer, ascending. */
  readonly places: readonly number[];
}

const WORD_START = 8;
const IN_A_ROW = 5;
const FIRST_LETTER = 4;
/** A letter that is skipped between two that answer. */
const GAP = 0.4;

const startsWord = (title: string, at: number): boolean =>
  at === 0 || !/[\p{L}\p{N}]/u.test(title[at - 1] ?? '');

/**
 * Fuzzy match: the letters of `query` (blanks count for nothing) in their
 * order in `title`, best placed at the starts of words and side by side; null
 * where they don't all occur. Best placement by dynamic programming over
 * (letter of the query, place in the title), so "cs" finds the C and the S of
 * "Confirm whole slice" at the starts of their words.
 */
export function matchTitle(query: string, title: string): Match | null {
  const wanted = Array.from(query.toLowerCase().replaceAll(/\s+/g, ''));
  const letters = Array.from(title, (letter) => letter.toLowerCase());
  if (wanted.length === 0) return { score: 0, places: [] };
  const rows: { score: number; from: number }[][] = [];
  wanted.forEach((letter, i) => {
    const above = rows[i - 1];
    // Best of the row above, with the gap since then taken off as it is carried on.
    let carried = Number.NEGATIVE_INFINITY;
    let carrier = -1;
    rows.push(
      letters.map((candidate, j) => {
        const before = above?.[j - 1];
        if (above && j > 0) {
          carried -= GAP;
          const older = above[j - 2];
          if (older && older.score - GAP > carried) {
            carried = older.score - GAP;
            carrier = j - 2;
          }
        }
        if (candidate !== letter) return { score: Number.NEGATIVE_INFINITY, from: -1 };
        const place =
          1 + (startsWord(title, j) ? WORD_START : 0) + (i === 0 && j === 0 ? FIRST_LETTER : 0);
        if (!above) return { score: place - j * GAP * 0.25, from: -1 };
        const row = before ? before.score + IN_A_ROW : Number.NEGATIVE_INFINITY;
        return row >= carried
          ? { score: place + row, from: j - 1 }
          : { score: place + carried, from: carrier };
      }),
    );
  });
  const last = rows.at(-1) ?? [];
  let at = last.reduce((best, { score }, j) => (score > (last[best]?.score ?? 0) ? j : best), 0);
  const score = last[at]?.score ?? Number.NEGATIVE_INFINITY;
  if (!Number.isFinite(score)) return null;
  const places: number[] = [];
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    places.unshift(at);
    at = rows[i]?.[at]?.from ?? -1;
  }
  return { score, places };
}

/** A keyword says less than the title. */
const KEYWORD_LESS = 4;

/**
 * The first of `keywords` (words with blanks between) that begins with what was
 * typed, and how well it answers, comparable with a title; null = none does.
 * Not fuzzy: letters scattered over words that nobody sees would explain nothing.
 */
export function matchKeyword(
  query: string,
  keywords: string,
): { readonly score: number; readonly word: string } | null {
  const typed = query.trim().toLowerCase();
  if (typed === '') return null;
  const word = keywords.startsWith(typed)
    ? keywords
    : keywords.slice(keywords.indexOf(` ${typed}`) + 1);
  if (!word.startsWith(typed)) return null;
  const score = 1 + WORD_START + (typed.length - 1) * (1 + IN_A_ROW) - KEYWORD_LESS;
  const end = word.indexOf(' ', typed.length);
  return { score, word: end < 0 ? word : word.slice(0, end) };
}

/** What the palette lists: something with a title, and other words for it. */
export interface Titled<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly keywords?: string | undefined;
}

/** A row of the palette, with the letters of its title that were typed, or the keyword that answers instead. */
export type Found<Id extends string> = Titled<Id> & {
  readonly places: readonly number[];
  readonly keyword: string | null;
};

/** Entries that match, best first; those used lately come first while nothing is typed and win ties after. */
export function searchTitles<Id extends string>(
  entries: readonly Titled<Id>[],
  query: string,
  recent: readonly string[],
): readonly Found<Id>[] {
  const age = (id: string): number => {
    const at = recent.indexOf(id);
    return at < 0 ? recent.length : at;
  };
  return entries
    .flatMap((entry): { readonly score: number; readonly found: Found<Id> }[] => {
      const title = matchTitle(query, entry.title);
      const other = matchKeyword(query, entry.keywords ?? '');
      if (other !== null && other.score > (title?.score ?? 0))
        return [{ score: other.score, found: { ...entry, places: [], keyword: other.word } }];
      if (title === null) return [];
      return [{ score: title.score, found: { ...entry, places: title.places, keyword: null } }];
    })
    .sort((a, b) => b.score - a.score || age(a.found.id) - age(b.found.id))
    .map(({ found }) => found);
}
