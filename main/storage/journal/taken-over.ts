import { MembranaError } from '#contract/errors';

/** The project belongs to another process now. `kept`: steps that were put into a file of their own, and its name. */
export function takenOver(kept?: { readonly count: number; readonly file: string }): MembranaError {
  const keptAside = kept !== undefined;
  return new MembranaError(
    'project.taken-over',
    keptAside
      ? `Another process has taken this project over. What is painted here now (${String(kept.count)} so far) goes into a file of its own.`
      : 'Another process has taken this project over.',
    {
      hint: keptAside
        ? `Close it here and there, then add it with “membrana project recover FOLDER --merge”.`
        : 'Close it where it is open, then open it again.',
      safe: 'Everything that was reported saved is in the project.',
      data: keptAside ? { keptAside, file: kept.file, count: kept.count } : { keptAside },
    },
  );
}
