import type { StackInfo } from '#contract/entities';
import type { SliceLabels } from '#labels/slice-labels';
import type { Rect } from '#contract/tiles';
import { LabelPrefetch } from './label-prefetch';
import { SlicePace, type Course } from './prefetch-policy';
import { SlicePicture } from '../slice-picture';
import type { TileSource } from './tile-source';
import type { ViewGeometry } from '../camera/view-geometry';
import type { PointerInfo } from '../view-types';

export interface ShownStackOptions {
  readonly info: StackInfo;
  readonly source: TileSource;
  readonly session: SliceLabels;
  /** False where a slice is known to carry no labels. */
  readonly labelled: (z: number) => boolean;
  /** Something has arrived for a slice. */
  readonly arrived: (z: number) => void;
  /** A tile could not be read. */
  readonly failed: (error: unknown) => void;
  /** Labels of a slice look different. */
  readonly changed: (z: number, rect: Rect) => void;
  /** As of `SliceTilesOptions`. */
  readonly memory?: number;
}

interface Sight {
  readonly geometry: ViewGeometry;
  readonly z: number;
  readonly course: Course;
}

/** A stack in view, with everything that goes when another one comes. */
export class ShownStack {
  readonly session: SliceLabels;
  readonly picture: SlicePicture;
  readonly depth: number;
  readonly #labels: LabelPrefetch;
  readonly #labelled: (z: number) => boolean;
  readonly #pace = new SlicePace();
  /** What is in sight, while what is near it has not been asked for. */
  #nearOf: Sight | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;
  readonly #stopListening: () => void;

  constructor(options: ShownStackOptions) {
    const { info, source, session, labelled, arrived, failed, changed, memory } = options;
    this.session = session;
    this.#labelled = labelled;
    this.depth = info.depth;
    this.picture = new SlicePicture({
      info,
      source,
      labels: session.tiles,
      labelled,
      arrived,
      failed,
      ...(memory === undefined ? {} : { memory }),
    });
    this.#labels = new LabelPrefetch(session, arrived, failed);
    this.#stopListening = session.onChange(({ z, rect }) => {
      this.picture.labelsChanged(z, rect);
      changed(z, rect);
    });
  }

  /** Asks for what is in sight; for what is near it, too, where nothing has to wait for that. */
  want(geometry: ViewGeometry, z: number, course: Course): void {
    const sight = { geometry, z, course };
    this.#nearOf = sight;
    this.#see(sight);
    // In a rush the next slice is made while this one is drawn.
    if (this.#pace.rushing || this.picture.isHere(geometry, z)) {
      this.wantNear();
      return;
    }
    this.picture.want(geometry, z, null, false);
    this.#wantLabels(sight, []);
  }

  /** Asks for what is near, now that what is in sight is drawn; false where that was done. */
  wantNear(): boolean {
    const sight = this.#nearOf;
    if (!sight) return false;
    this.#nearOf = null;
    this.#see(sight);
    const { geometry, z } = sight;
    const neighbours = this.#pace.neighboursOf(z);
    this.picture.want(geometry, z, neighbours, !this.#pace.rushing);
    this.#wantLabels(sight, neighbours.near);
    return true;
  }

  /** Whoever stays after a rush gets what was passed over in it. */
  #see(sight: Sight): void {
    clearTimeout(this.#resting);
    this.#pace.see(sight.z, performance.now(), sight.course);
    if (!this.#pace.rushing) return;
    this.#resting = setTimeout(() => {
      const whole = this.#nearOf === null;
      this.#nearOf = sight;
      if (whole) this.wantNear();
      else this.want(sight.geometry, sight.z, sight.course);
    }, SlicePace.rest);
  }

  /** In a rush slices without labels are drawn without asking for them. */
  #wantLabels({ geometry, z }: Sight, near: readonly number[]): void {
    const slices = this.#pace.rushing ? [z].filter(this.#labelled) : [z, ...near];
    this.#labels.want(
      geometry,
      slices.filter((slice) => slice >= 0 && slice < this.depth),
    );
  }

  /** What is known of a pixel, once its full-size tiles are here. @throws as the tile source; AbortError */
  async inspect(z: number, x: number, y: number, signal: AbortSignal): Promise<PointerInfo> {
    const { picture, session } = this;
    const loaded = session.load(z, { x, y, width: 1, height: 1 }, signal);
    await Promise.all([picture.inspect(z, x, y, signal), loaded]);
    signal.throwIfAborted();
    return {
      ...{ x, y },
      raw: picture.rawAt(z, x, y),
      probability: picture.probabilityAt(z, x, y),
      label: session.tiles.labelAt(z, x, y) ?? null,
      cells: picture.cellsAt(z, x, y),
    };
  }

  dispose(): void {
    clearTimeout(this.#resting);
    this.#stopListening();
    this.#labels.dispose();
    this.picture.dispose();
  }
}
