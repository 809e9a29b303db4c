import type { RecoveryReport } from '#contract/entities';
import type { Recovered } from '../storage/recovery/recovery';

function strokes(count: number): string {
  return `${String(count)} ${count === 1 ? 'stroke' : 'strokes'}`;
}

function withChanges(count: number, changes: number): string {
  if (changes === 0) return strokes(count);
  return `${strokes(count)} and ${String(changes)} other ${changes === 1 ? 'change' : 'changes'}`;
}

function isOrAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** What the sentence says after the number of strokes that were found. */
function remarks(recovered: Recovered, found: number): string[] {
  const { setAside, missing, end, aside } = recovered;
  const { records, damaged } = setAside;
  const said: string[] = [];
  if (damaged)
    said.push(
      `${String(records)} damaged ${records === 1 ? 'record was' : 'records were'} set aside in the journal folder.`,
    );
  if (missing > 0 && (!damaged || missing > records))
    said.push(
      `${strokes(missing)} ${isOrAre(missing)} missing from the journal: ${String(found + missing)} had been saved since the last checkpoint, ${String(found)} ${found === 1 ? 'was' : 'were'} found.`,
    );
  if (end === 'forgotten')
    said.push('Whether more had been saved is not known: last-saved.bin is missing.');
  if (end === 'untold') said.push('An older version did not note how many had been saved.');
  if (aside > 0)
    said.push(
      `${strokes(aside)} painted after another process had taken the project over ${isOrAre(aside)} kept beside it; “membrana project recover FOLDER --merge” adds ${aside === 1 ? 'it' : 'them'}.`,
    );
  return said;
}

/** The sentence that the window shows after opening; null when there is nothing to say. `changes`: project steps that project.json did not have. */
export function recoveryReport(
  recovered: Recovered,
  changes: number,
  cleanShutdown: boolean,
): RecoveryReport | null {
  const { replay, setAside, missing, end, aside } = recovered;
  const strokesRecovered = replay.filter(({ kind }) => kind === 'label-patch').length;
  const nothing =
    strokesRecovered === 0 &&
    changes === 0 &&
    setAside.records === 0 &&
    missing === 0 &&
    aside === 0 &&
    recovered.records.damaged.length === 0 &&
    (end !== 'forgotten' || cleanShutdown);
  if (nothing) return null;
  const complete = missing === 0 && !setAside.damaged && end !== 'forgotten';
  const more = remarks(recovered, replay.length);
  const ending =
    complete && end === 'known' ? ', 0 lost.' : more.length > 0 && !complete ? ';' : '.';
  return {
    strokesRecovered,
    recordsSetAside: setAside.records,
    strokesMissing: missing,
    strokesAside: aside,
    endKnown: end === 'known',
    complete,
    cleanShutdown,
    message: [`Recovered ${withChanges(strokesRecovered, changes)}${ending}`, ...more].join(' '),
  };
}
