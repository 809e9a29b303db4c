/** What a drop can do while a project is open. */
export const dropTargets = ['open', 'truth', 'labels'] as const;
export type DropTarget = (typeof dropTargets)[number];

/** What is said while something is dragged over an open project. */
export const dropStrings = {
  label: 'Drop here',
  targets: {
    open: {
      title: 'Open it',
      text: (open: string) =>
        `A stack gets a project of its own, a project folder opens as it was left. “${open}” is saved and closes.`,
    },
    truth: {
      title: 'Compare with it',
      text: () => 'A label stack of the same size lies over the slice. Nothing learns from it.',
    },
    labels: {
      title: 'Train from it',
      text: () => 'It becomes the label stack of a new training; you choose the image stack next.',
    },
  } satisfies Record<DropTarget, { title: string; text: (open: string) => string }>,
  busy: 'A job is running. Wait for it, or cancel it.',
  several: (count: number) => `${String(count)} files: the first that fits is taken.`,
  refused:
    'Only stacks (TIFF, HDF5, MRC, NRRD, folders of slices, OME-Zarr) and project folders (.emproj) can be dropped here.',
  needsStack: 'A project folder can only be opened.',
} as const;
