/** Regions of a picture: a label > 0 for each pixel of a region, 0 elsewhere. */
export interface Regions {
  readonly labels: Int32Array;
  readonly count: number;
}

/** 4-connected components of the pixels where `mask` is not 0, numbered from 1. `mask` is row by row, width × height. */
export function connectedComponents(mask: Uint8Array, width: number, height: number): Regions {
  const labels = new Int32Array(width * height);
  const stack = new Int32Array(width * height);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    count++;
    let size = 0;
    stack[size++] = start;
    labels[start] = count;
    const visit = (q: number): void => {
      if (mask[q] !== 0 && labels[q] === 0) {
        labels[q] = count;
        stack[size++] = q;
      }
    };
    while (size > 0) {
      const p = stack[--size] ?? 0;
      const x = p % width;
      if (x > 0) visit(p - 1);
      if (p >= width) visit(p - width);
      if (x < width - 1) visit(p + 1);
      if (p + width < labels.length) visit(p + width);
    }
  }
  return { labels, count };
}
