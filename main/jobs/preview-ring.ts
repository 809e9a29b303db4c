import type { JobId } from '#contract/ids';
import type { PreviewPicture } from '#contract/pixel-url';

/** 8-bit grey, row-major, width × height bytes each. */
export interface PreviewPictures {
  readonly step: number;
  readonly width: number;
  readonly height: number;
  readonly feature: Uint8Array;
  readonly target: Uint8Array;
  readonly prediction: Uint8Array;
}

export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

const JOBS_KEPT = 4;
const STEPS_KEPT = 12;

/** The last preview pictures of the last training jobs, in memory (at most 4 × 12 × 3 × 256² bytes, 9 MiB). */
export class PreviewRing {
  readonly #jobs = new Map<JobId, PreviewPictures[]>();

  add(job: JobId, pictures: PreviewPictures): void {
    const kept = this.#jobs.get(job) ?? [];
    this.#jobs.delete(job);
    this.#jobs.set(job, [...kept, pictures].slice(-STEPS_KEPT));
    for (const old of [...this.#jobs.keys()].slice(0, -JOBS_KEPT)) this.#jobs.delete(old);
  }

  /** null when that picture was never made or is gone. */
  picture(job: JobId, step: number, which: PreviewPicture): GreyPicture | null {
    const found = this.#jobs.get(job)?.find((pictures) => pictures.step === step);
    return found ? { width: found.width, height: found.height, bytes: found[which] } : null;
  }
}
