import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConditioning } from '#contract/conditioning-text';
import { parseSliceRange } from '#contract/slice-range';
import { rankViews } from '#main/queue/rank-views';
import { errorList } from '#model/metrics/error-list';
import { doubtfulPlaces } from '#model/queue/places';
import { Random } from '#model/training/random';
import { looks } from './conditioning/looks';
import { drawLook } from './fit/look-stack';
import { queueSlices, type QueueSlice } from './queue/queue-slices';
import {
  byQueue,
  byRaster,
  errorsAt,
  type Costs,
  type QueuePlace,
  type TrueError,
} from './queue/simulated-minutes';
import { printRows, type BenchRow } from './race/report';

/**
 * Does the queue find errors faster than looking over the slices one field
 * after another? Looks of VNC stack 1, which the model has never seen; true
 * errors are those of the error list that cost a cell of 150 pixels or more.
 * Each seed draws a section of the stack.
 */
const root = resolve(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    data: {
      type: 'string',
      default: process.env['MEMBRANA_DATA'] ?? join(root, '..', 'shared', 'data'),
    },
    model: { type: 'string', default: 'isbi-base8' },
    /** With the conditioning that suits them. */
    looks: { type: 'string', default: 'mild:flat=64,smooth=1;native:none' },
    /** Without those that the chances were fitted on. */
    slices: { type: 'string', default: '1-3,5-7,9-11,13-15' },
    seeds: { type: 'string', default: '0,1,2' },
    /** Slices of a seed's section. */
    section: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '5' },
    results: { type: 'string', default: join(root, '.cache', 'bench', 'queue') },
    threads: { type: 'string', default: '2' },
    // There is none; every line takes the word, so that all can run at once.
    peers: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const SMALLEST = 150;
const threads = Number(options.threads);
const costs: readonly { readonly name: string; readonly costs: Costs }[] = [
  { name: 'a field takes as long as a view', costs: { field: 4, view: 4, stroke: 2 } },
  { name: 'a field takes one second', costs: { field: 1, view: 4, stroke: 2 } },
];

interface Judged {
  readonly z: number;
  readonly side: number;
  readonly errors: readonly TrueError[];
  readonly places: readonly QueuePlace[];
  readonly milliseconds: number;
}

function judged({ z, width, height, bytes, truth }: QueueSlice, threshold: number): Judged {
  const began = process.cpuUsage();
  const slice = { probability: bytes, width, height, settled: null };
  const places = doubtfulPlaces(slice, Math.ceil(threshold * 255));
  const milliseconds = process.cpuUsage(began).user / 1000;
  const probability = Float32Array.from(bytes, (value) => value / 255);
  const errors = errorList({ width, height, probability, truth }, threshold).filter(
    ({ parts }) => (parts[1] ?? 0) >= SMALLEST,
  );
  return {
    z,
    side: Math.max(width, height),
    errors: errors.map((error) => ({ ...error, z })),
    places: places.map((place) => ({ ...place, z })),
    milliseconds,
  };
}

const rows: BenchRow[] = [];
for (const text of options.quick ? ['native:none'] : options.looks.split(';')) {
  const [name = '', done = 'none'] = text.split(':');
  const conditioning = parseConditioning(done);
  const look = looks.find((one) => one.name === name);
  if (look === undefined || conditioning === null) throw new Error(`There is no look "${text}".`);
  const image = join(options.results, `${name}.tif`);
  await drawLook(look, join(options.data, 'vnc', 'stack1-raw.tif'), image);
  const { slices, threshold } = await queueSlices({
    model: join(root, 'resources', 'models', options.model),
    image,
    labels: join(options.data, 'vnc', 'stack1-membranes.tif'),
    slices: parseSliceRange(options.quick ? '0-1' : options.slices, 16),
    conditioning,
    threads,
    kept: join(options.results, `${name}-${done}-${options.model}`),
  });
  const all = slices.map((slice) => judged(slice, threshold));
  const row = (of: Pick<BenchRow, 'case' | 'unit' | 'ours'> & Partial<BenchRow>): BenchRow => ({
    line: 'queue',
    peer: null,
    peerName: null,
    ratio: null,
    threads,
    samples: slices.length,
    ...of,
  });
  const errors = all.flatMap((one) => one.errors);
  const views = rankViews(all.flatMap((one) => one.places));
  const ranked = views.flatMap(({ place, others }) => [place, ...others]);
  const likeliest = ranked.toSorted((a, b) => b.chance - a.chance).slice(0, 50);
  const expected = ranked.reduce((sum, { chance }) => sum + chance, 0);
  const right = (places: readonly QueuePlace[]): number =>
    places.filter((place) => errorsAt(place, errors).length > 0).length;
  const reached = new Set(ranked.flatMap((place) => errorsAt(place, errors)));
  rows.push(
    row({
      case: `${name}, the queue of a slice`,
      unit: 'ms of processor',
      ours: all.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / all.length,
    }),
    row({ case: `${name}, true errors a slice`, unit: 'errors', ours: errors.length / all.length }),
    row({ case: `${name}, places a slice`, unit: 'places', ours: ranked.length / all.length }),
    row({
      case: `${name}, of the first 50 places right`,
      unit: 'share',
      ours: right(likeliest) / likeliest.length,
    }),
    row({
      case: `${name}, of the first 50 views with an error in the middle or around it`,
      unit: 'share',
      ours:
        views.slice(0, 50).filter(({ place, others }) => right([place, ...others]) > 0).length /
        Math.min(50, views.length),
    }),
    row({
      case: `${name}, errors where the queue expects them, a slice`,
      unit: 'errors',
      ours: right(ranked) / all.length,
      peer: expected / all.length,
      peerName: 'expected',
    }),
    row({
      case: `${name}, of all errors in the queue`,
      unit: 'share',
      ours: reached.size / errors.length,
    }),
  );
  for (const seed of options.seeds.split(',').map(Number)) {
    const random = new Random(seed);
    const left = [...all];
    const section: Judged[] = [];
    while (section.length < Number(options.section) && left.length > 0)
      section.push(...left.splice(random.integer(left.length), 1));
    section.sort((a, b) => a.z - b.z);
    const own = section.flatMap((one) => one.errors);
    const queue = rankViews(section.flatMap((one) => one.places));
    const zs = section.map(({ z }) => z);
    const minutes = Number(options.minutes);
    const side = section[0]?.side ?? 0;
    for (const { name: named, costs: spent } of costs) {
      const ours = byQueue(own, queue, spent, minutes * 60) / minutes;
      const peer = byRaster(own, zs, side, spent, minutes * 60) / minutes;
      rows.push(
        row({
          case: `${name}, seed ${String(seed)}, slices ${zs.join(' ')}, ${named}`,
          unit: 'true errors a simulated minute',
          ours,
          peer,
          peerName: 'raster order',
          ratio: ours / peer,
        }),
      );
    }
  }
}
printRows(rows);
