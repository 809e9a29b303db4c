import type { StackWarning } from '#contract/entities';
import type { Directory, DirectoryProblem } from '../container/directory';
import type { DirectoryChain } from '../container/directory-chain';

/** How the list of directories ended, where it did not end well. */
export function chainWarnings(chain: DirectoryChain): StackWarning[] {
  const { end, offsets } = chain;
  const found = `${offsets.length} ${offsets.length === 1 ? 'page was' : 'pages were'} found`;
  switch (end.kind) {
    case 'complete':
      return [];
    case 'circular':
      return [{ code: 'circular-list', message: `The list of pages is circular; ${found}.` }];
    case 'beyond-file':
      return [
        {
          code: 'list-truncated',
          message: `The file ends early: ${found}, and more is announced at byte ${end.offset}, beyond its end. Copy or export it again to get the rest.`,
        },
      ];
    case 'unreadable':
      return [
        {
          code: 'list-broken',
          message: `The list of pages breaks at byte ${end.offset} (${end.reason}); ${found}.`,
        },
      ];
  }
}

/** A directory of noise has a problem a tag; this many tell enough. */
const MOST = 12;

export function directoryWarnings({ problems }: Directory): StackWarning[] {
  const told = problems.slice(0, MOST).map(directoryWarning);
  const more = problems.length - told.length;
  if (more === 0) return told;
  return [...told, { code: 'tag-ignored', message: `${more} more tags have problems like these.` }];
}

function directoryWarning(problem: DirectoryProblem): StackWarning {
  switch (problem.kind) {
    case 'entries-cut':
      return {
        code: 'directory-truncated',
        message: `The directory claims ${problem.declared} tags; the ${problem.read} that are complete were used.`,
      };
    case 'tags-unordered':
      return { code: 'tags-unordered', message: 'The tags are out of order.' };
    case 'tag-repeated':
      return {
        code: 'tag-repeated',
        message: `Tag ${problem.tag} is given more than once; the first counts.`,
      };
    case 'tag-ignored':
      return {
        code: 'tag-ignored',
        message: `Tag ${problem.tag} was ignored: ${problem.why}.`,
      };
  }
}
