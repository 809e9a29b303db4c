import type { StackInfo } from '#contract/entities';
import type { LabelSession } from '#labels/label-session';
import type { Rect } from '#contract/tiles';
import { LabelFeed } from './label-feed';
import { SlicePicture } from './slice-picture';
import type { TileSource } from './tile-source';
import type { ViewGeometry } from './view-geometry';

export interface ShownStackOptions {
  readonly info: StackInfo;
  readonly source: TileSource;
  readonly session: LabelSession;
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
  readonly #stopListening: () => void;

  constructor({ info, source, session, arrived, failed, changed }: ShownStackOptions) {
    this.session = session;
    this.depth = info.depth;
    this.picture = new SlicePicture({ info, source, labels: session.tiles, arrived, failed });
    this.#labels = new LabelFeed(session, arrived, failed);
    this.#stopListening = session.onChange(({ z, rect }) => {
      this.picture.labelsChanged(z, rect);
      changed(z, rect);
    });
  }

  /** Asks for what is in sight and near it. */
  want(geometry: ViewGeometry, z: number): void {
    this.picture.want(geometry, z);
    this.#labels.want(geometry, z, this.depth);
  }

  dispose(): void {
    this.#stopListening();
    this.#labels.dispose();
    this.picture.dispose();
  }
}
