"""Goes through a TIFF stack in napari, one slice after the other, as fast as it shows them.

argv: stack.tif, first slice, slices, with mask (0 or 1).
Prints a JSON object: milliseconds of each slice, from setting it until it is drawn, cold and warm.
The slices are read as napari's users read large stacks: lazily, page by page, by tifffile.
"""

import json
import sys
import time

import dask.array as da
import numpy as np
import tifffile


def lazy_stack(path):
    return da.from_zarr(tifffile.imread(path, aszarr=True))


def walls(shape, first, count):
    """A mask of walls, made beforehand: the peer reads it from memory."""
    height, width = shape
    mask = np.zeros((count, height, width), np.uint8)
    rows, columns = np.arange(height), np.arange(width)
    for i in range(count):
        z = first + i
        mask[i, (rows + 17 * z) % 64 < 4, :] = 1
        mask[i, :, (columns + 31 * z) % 58 < 4] = 1
    return mask


def main():
    path, first, count, with_mask = sys.argv[1], *map(int, sys.argv[2:5])
    import napari
    from qtpy.QtWidgets import QApplication
    from vispy.gloo import gl

    stack = lazy_stack(path)[first : first + count]
    viewer = napari.Viewer(show=True)
    viewer.window.resize(1280, 800)
    viewer.add_image(stack, contrast_limits=(0, 255))
    if with_mask:
        viewer.add_labels(walls(stack.shape[1:], first, count), opacity=0.6)
    app = QApplication.instance()
    canvas = viewer.window._qt_viewer.canvas._scene_canvas
    drawn = {"n": 0}
    canvas.events.draw.connect(lambda event: drawn.__setitem__("n", drawn["n"] + 1))
    end = time.perf_counter() + 2
    while time.perf_counter() < end:
        app.processEvents()

    def walk():
        times = []
        for z in range(1, count):
            before = drawn["n"]
            start = time.perf_counter()
            viewer.dims.set_current_step(0, z)
            while drawn["n"] == before:
                app.processEvents()
            gl.glFinish()
            times.append(1000 * (time.perf_counter() - start))
        viewer.dims.set_current_step(0, 0)
        app.processEvents()
        return times

    print(json.dumps({"version": napari.__version__, "cold": walk(), "warm": walk()}), flush=True)
    viewer.close()


main()
