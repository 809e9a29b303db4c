"""The scores of one slice at one threshold with scikit-image, timed on request.

Usage: skimage_peer.py PROBABILITY.f32 TRUTH.u8 WIDTH HEIGHT THRESHOLD
Raw rows; truth is 1 on membrane. Reads one line a sample on standard input and
answers the milliseconds it took.
"""

import sys
import time

import numpy as np
from skimage.measure import label
from skimage.metrics import adapted_rand_error, variation_of_information
from skimage.segmentation import watershed

map_file, truth_file, width, height, threshold = sys.argv[1:6]
shape = (int(height), int(width))
probability = np.fromfile(map_file, dtype=np.float32).reshape(shape)
truth = np.fromfile(truth_file, dtype=np.uint8).reshape(shape)
threshold = float(threshold)


def sample():
    """Thinning, V_Rand and V_Info as scikit-image has them, and Dice of membrane."""
    cells = label(truth == 0, connectivity=1)
    membrane = probability >= threshold
    basins = label(~membrane, connectivity=1)
    regions = watershed(membrane.astype(np.uint8), markers=basins, connectivity=1)
    rand = adapted_rand_error(cells, regions)
    info = variation_of_information(cells, regions, ignore_labels=(0,))
    both = np.count_nonzero(membrane & (truth != 0))
    dice = 2 * both / (np.count_nonzero(membrane) + np.count_nonzero(truth))
    return rand, info, dice


print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    sample()
    print((time.perf_counter() - start) * 1000, flush=True)
