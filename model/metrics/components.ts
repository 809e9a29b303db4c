/** Regions of a picture: a label > 0 for each pixel of a region, 0 elsewhere. */
export interface Regions {
  readonly labels: Int32Array;
  readonly count: number;
}

/** States of pixels that have no region yet, in a picture with a frame of one pixel, which spares the tests at its borders. */
export const outside = -3;
export const insideCell = -4;
export const onMembrane = -1;

/** Marks each pixel as inside a cell (`mask` not 0) or on membrane; the frame is `outside`. Rows are `width + 2` long. */
export function framed(mask: Uint8Array, width: number, height: number): Int32Array {
  const stride = width + 2;
  const states = new Int32Array(stride * (height + 2)).fill(outside);
  for (let y = 0; y < height; y++) {
    const source = y * width;
    const target = (y + 1) * stride + 1;
    for (let x = 0; x < width; x++)
      states[target + x] = mask[source + x] === 0 ? onMembrane : insideCell;
  }
  return states;
}

/** Takes the frame away again; states below 0 become 0. */
export function unframed(states: Int32Array, width: number, height: number): Int32Array {
  const stride = width + 2;
  const labels = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    const target = y * width;
    const source = (y + 1) * stride + 1;
    for (let x = 0; x < width; x++) labels[target + x] = Math.max(0, states[source + x] ?? 0);
  }
  return labels;
}

/** Gives a label to all pixels of one state that are 4-connected with the start. `stack` needs a place for every pixel. */
export function fillRegion(
  states: Int32Array,
  stride: number,
  start: number,
  label: number,
  stack: Int32Array,
): void {
  const state = states[start];
  let size = 0;
  states[start] = label;
  stack[size++] = start;
  while (size > 0) {
    const p = stack[--size] ?? 0;
    if (states[p - 1] === state) {
      states[p - 1] = label;
      stack[size++] = p - 1;
    }
    if (states[p - stride] === state) {
      states[p - stride] = label;
      stack[size++] = p - stride;
    }
    if (states[p + 1] === state) {
      states[p + 1] = label;
      stack[size++] = p + 1;
    }
    if (states[p + stride] === state) {
      states[p + stride] = label;
      stack[size++] = p + stride;
    }
  }
}

/** 4-connected components of the pixels where `mask` is not 0, numbered from 1. `mask` is row by row, width × height. */
export function connectedComponents(mask: Uint8Array, width: number, height: number): Regions {
  const states = framed(mask, width, height);
  const stack = new Int32Array(width * height);
  let count = 0;
  for (let p = 0; p < states.length; p++) {
    if (states[p] === insideCell) fillRegion(states, width + 2, p, ++count, stack);
  }
  return { labels: unframed(states, width, height), count };
}
