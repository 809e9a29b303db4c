import { MembranaError } from '#contract/errors';
import type { Moved } from './segment-parts';

const avoid =
  'Keep sync programs and cleaners away from the project folder while it is open, and do not move it.';

/** Says that journal files were gone or replaced, and where what they held is now. */
export function movedError(moved: Moved): MembranaError {
  const { place, records } = moved;
  const steps = records === 1 ? '1 step' : `${String(records)} steps`;
  switch (place) {
    case 'project':
      return new MembranaError(
        'project.journal-moved',
        `Journal files were moved, replaced or deleted while the project is open. ${steps} since the last checkpoint ${records === 1 ? 'was' : 'were'} written again.`,
        {
          hint: avoid,
          safe: 'Everything that was reported saved is on the disk.',
          data: { records },
        },
      );
    case 'rescue':
      return new MembranaError(
        'project.journal-moved',
        `The project folder is gone or takes nothing any more. ${steps} since the last checkpoint ${records === 1 ? 'is' : 'are'} kept outside the project on this computer.`,
        {
          hint: 'Put the folder back where it was, then open the project again: what was kept comes back by itself.',
          safe: 'Everything that was reported saved is on this computer.',
          data: { records },
        },
      );
    case 'chosen':
      return new MembranaError(
        'project.journal-moved',
        `The project folder is gone. ${steps} since the last checkpoint ${records === 1 ? 'is' : 'are'} in ${moved.file}, in the folder that you chose.`,
        {
          hint: 'Put that file into the folder “journal” of the project, then open the project.',
          safe: 'Everything that was reported saved is on this computer.',
          data: { records, file: moved.file },
        },
      );
  }
}
