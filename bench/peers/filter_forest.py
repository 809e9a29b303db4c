"""A random forest on filter responses, the method of interactive pixel classifiers: a control.

Usage: filter_forest.py JOB.json
Gaussian, Laplacian of Gaussian, gradient magnitude, difference of Gaussians,
eigenvalues of the structure tensor and of the Hessian, each at several scales.
"""

import json
import sys
import time

import numpy as np
from scipy import ndimage
from sklearn.ensemble import RandomForestClassifier

job = json.load(open(sys.argv[1], encoding="utf-8"))
SCALES = (0.7, 1.0, 1.6, 3.5, 5.0)
shape = (job["depth"], job["height"], job["width"])
grey = np.fromfile(job["images"], np.uint8).reshape(shape).astype(np.float32)
images = (grey - grey.mean((1, 2), keepdims=True)) / grey.std((1, 2), keepdims=True)
targets = np.fromfile(job["targets"], np.uint8).reshape(shape)
random = np.random.default_rng(job["seed"])


def eigenvalues(yy, xy, xx):
    """Of symmetric 2 x 2 matrices, the larger one first."""
    middle, half = (yy + xx) / 2, np.hypot((yy - xx) / 2, xy)
    return [middle + half, middle - half]


def features(image):
    found = [image]
    for scale in SCALES:
        def derivative(y, x):
            return ndimage.gaussian_filter(image, scale, order=(y, x), mode="mirror")

        smooth = derivative(0, 0)
        dy, dx = derivative(1, 0), derivative(0, 1)
        yy, xy, xx = derivative(2, 0), derivative(1, 1), derivative(0, 2)
        wide = [ndimage.gaussian_filter(part, scale, mode="mirror") for part in (dy * dy, dy * dx, dx * dx)]
        found += [smooth, yy + xx, np.hypot(dy, dx)]
        found += [smooth - ndimage.gaussian_filter(image, 0.66 * scale, mode="mirror")]
        found += eigenvalues(yy, xy, xx) + eigenvalues(*wide)
    return np.stack(found, -1).reshape(-1, len(found))


began = time.perf_counter()
samples, classes = [], []
for z in job["train"]:
    chosen = random.choice(shape[1] * shape[2], job["pixelsPerSlice"], replace=False)
    samples.append(features(images[z])[chosen])
    classes.append(targets[z].ravel()[chosen])
    print(f"forest: filters of slice {z}", file=sys.stderr)
forest = RandomForestClassifier(job["trees"], n_jobs=job["threads"], random_state=job["seed"])
forest.fit(np.concatenate(samples), np.concatenate(classes))
seconds = time.perf_counter() - began
print(f"forest: fitted in {seconds:.0f} s", file=sys.stderr)
for slices, path in ((job["choose"], job["chooseMaps"]), (job["score"], job["scoreMaps"])):
    maps = [forest.predict_proba(features(images[z]))[:, 1].reshape(shape[1:]) for z in slices]
    np.stack(maps).astype("<f4").tofile(path)
print(json.dumps({"event": "done", "seconds": seconds}), flush=True)
