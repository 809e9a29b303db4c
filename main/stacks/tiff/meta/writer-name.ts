import type { StackWarning } from '#contract/entities';
import type { Directory } from '../container/directory';
import { tags } from '../container/tags';

interface KnownWriter {
  readonly tag: number;
  readonly message: string;
}

/** Dialects of TIFF that say more, or other things, than the pages show. */
const writers: readonly KnownWriter[] = [
  {
    tag: tags.StkPlanes,
    message: 'MetaMorph STK: its planes are read; its own calibration is not.',
  },
  {
    tag: tags.ZeissLsm,
    message:
      'Zeiss LSM: its slices are read, its thumbnails left out; its own calibration is not read.',
  },
  {
    tag: tags.Ndpi,
    message: 'Hamamatsu NDPI: a pyramid of one slide; export the region of interest as TIFF.',
  },
  {
    tag: tags.MicroManager,
    message: 'Micro-Manager stack: its pages are read in file order; its own metadata is not read.',
  },
];

/** Names the program family behind a file where that explains what is shown. */
export function writerWarnings(directory: Directory, software: string): StackWarning[] {
  const found = writers
    .filter(({ tag }) => directory.entries.has(tag))
    .map(({ message }) => ({ code: 'dialect', message }));
  if (/^SI\.|ScanImage/m.test(software))
    found.push({
      code: 'dialect',
      message: 'ScanImage: channels and slices follow each other as pages, all shown as slices.',
    });
  return found;
}
