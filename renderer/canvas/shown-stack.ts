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
  readonly #pace = new SlicePace();
  #resting: ReturnType<typeof setTimeout> | undefined;
  readonly #stopListening: () => void;

  constructor(options: ShownStackOptions) {
    const { info, source, session, labelled, arrived, failed, changed } = options;
    this.session = session;
    this.depth = info.depth;
    this.picture = new SlicePicture({
      info,
      source,
      labels: session.tiles,
      labelled,
      arrived,
      failed,
    });
    this.#labels = new LabelFeed(session, labelled, arrived, failed);
    this.#stopListening = session.onChange(({ z, rect }) => {
      this.picture.labelsChanged(z, rect);
      changed(z, rect);
    });
  }

  /** Asks for what is in sight and near it. */
  want(geometry: ViewGeometry, z: number): void {
    clearTimeout(this.#resting);
    this.#pace.see(z, performance.now());
    this.picture.want(geometry, z, this.#pace);
    this.#labels.want(geometry, z, this.depth, this.#pace);
    if (!this.#pace.rushing) return;
    this.#resting = setTimeout(() => {
      this.want(geometry, z);
    }, SlicePace.rest);
  }

  dispose(): void {
    clearTimeout(this.#resting);
    this.#stopListening();
    this.#labels.dispose();
    this.picture.dispose();
  }
}
