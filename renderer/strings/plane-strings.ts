import { formatDecimal, formatLength } from './format';

const names = { xy: 'XY', xz: 'XZ', yz: 'YZ' } as const;
type Pane = keyof typeof names;

/** Text of the planes at right angles to the slices. */
export const planeStrings = {
  names,
  four: 'All',
  switch: 'Planes',
  help: {
    xy: 'Slices, as they were imaged',
    xz: 'The stack cut along its rows: x to the right, slices downwards',
    yz: 'The stack cut along its columns: slices to the right, y downwards',
    four: 'All three planes, and the voxel where they cross',
  },
  /** Names of the views, for who can't see them. */
  label: (pane: Exclude<Pane, 'xy'>, index: number, count: number) =>
    `${names[pane]} plane, ${pane === 'xz' ? 'y' : 'x'} ${String(index)} of ${String(count)}`,
  chip: (pane: Pane, index: number) =>
    `${names[pane]} · ${{ xy: 'slice', xz: 'y', yz: 'x' }[pane]} ${String(index)}`,
  reading: 'Reading the plane…',
  unreadable: 'Some slices can’t be read here (hatched)',
  cubes: 'No voxel size: voxels are drawn as cubes',
  cubesHelp: 'How thick slices are is not known, so this plane may be squeezed or stretched.',
  tell: 'Tell it…',
  noLines: 'Membranes as wide as predicted: thin lines between cells show in XY alone',
  slicesOnly: (key: string | null) =>
    key === null
      ? 'This works in XY. Show XY, or take brush or eraser.'
      : `This works in XY. ${key} leads there; here take brush or eraser.`,
  gateOnSlicesOnly: '“By probability” works in XY. Turn it off to paint here.',
  keys: { turn: 'change plane', next: 'next plane' },
  noPicture: 'Move over the plane to read values',
  crossHere: 'Put the crosshair here',
  facts: {
    label: 'Voxel at the crosshair',
    x: 'x',
    y: 'y',
    slice: 'slice',
    at: 'at',
    place: (x: number, y: number, z: number | null) =>
      [x, y, ...(z === null ? [] : [z])].map((length) => formatLength(length)).join(', '),
    raw: 'raw value',
    probability: 'membrane probability',
    labelled: 'label',
    notPredicted: 'not segmented',
    thick: (times: number) =>
      times >= 1
        ? `Slices are ${formatDecimal(times)} times as thick as pixels are wide.`
        : `Slices are ${formatDecimal(times)} of a pixel thick.`,
    move: 'move the crosshair',
    next: 'next pane',
    turn: 'next planes of a pane',
    middle: 'Middle click',
    wheel: 'Wheel',
  },
} as const;
