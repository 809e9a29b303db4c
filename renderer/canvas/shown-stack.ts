import type { StackInfo } from '#contract/entities';
import type { LabelSession } from '#labels/label-session';
import type { Rect } from '#contract/tiles';
import { LabelFeed } from './label-feed';
import { SlicePace } from './slice-pace';
import { SlicePicture } from './slice-picture';
import type { TileSource } from './tile-source';
import type { ViewGeometry } from './view-geometry';

export interface ShownStackOptions {
  readonly info: StackInfo;
  readonly source: TileSource;
  readonly session: LabelSession;
  /** False where a slice is known to carry no labels. */
  readonly labelled: (z: number) => boolean;
  /** Something has arrived for a slice. */
  readonly arrived: (z: number) => void;
  /** A tile could not be read. */
  readonly failed: (error: unknown) => void;
  /** Labels of a slice look different. */
  readonly changed: (z: number, rect: Rect) => void;
}

/** A stack in view, with everything that goes when another one comes. */
export class ShownStack {
  readonly session: LabelSession;
  readonly picture: SlicePicture;
  readonly depth: number;
  readonly #labels: LabelFeed;
  readonly #labelled: (z: number) => boolean;
  readonly #pace = new SlicePace();
  /** What is in sight, while what is near it has not been asked for. */
  #nearOf: { readonly geometry: ViewGeometry; readonly z: number } | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;
  readonly #stopListening: () => void;

  constructor(options: ShownStackOptions) {
    const { info, source, session, labelled, arrived, failed, changed } = options;
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
    });
    this.#labels = new LabelFeed(session, arrived, failed);
    this.#stopListening = session.onChange(({ z, rect }) => {
      this.picture.labelsChanged(z, rect);
      changed(z, rect);
    });
  }

  /** Asks for what is in sight; for what is near it, too, where nothing has to wait for that. */
  want(geometry: ViewGeometry, z: number): void {
    clearTimeout(this.#resting);
    this.#pace.see(z, performance.now());
    this.#nearOf = { geometry, z };
    if (this.picture.isHere(geometry, z)) {
      this.wantNear();
      return;
    }
    this.picture.want(geometry, z, null);
    this.#labels.want(geometry, [z].filter(this.#labelled));
  }

  /** Asks for what is near, now that what is in sight is drawn; false where that was done. */
  wantNear(): boolean {
    const sight = this.#nearOf;
    if (!sight) return false;
    this.#nearOf = null;
    const { geometry, z } = sight;
    this.#pace.see(z, performance.now());
    const neighbours = this.#pace.neighboursOf(z);
    this.picture.want(geometry, z, neighbours);
    // A slice without labels is drawn without them: they are for whoever stays.
    const slices = this.#pace.rushing ? [z].filter(this.#labelled) : [z, ...neighbours.near];
    this.#labels.want(
      geometry,
      slices.filter((slice) => slice >= 0 && slice < this.depth),
    );
    if (this.#pace.rushing)
      this.#resting = setTimeout(() => {
        this.#nearOf = sight;
        this.wantNear();
      }, SlicePace.rest);
    return true;
  }

  dispose(): void {
    clearTimeout(this.#resting);
    this.#stopListening();
    this.#labels.dispose();
    this.picture.dispose();
  }
}
