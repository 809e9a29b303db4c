"""Reads what Membrana wrote with the programs that researchers use, and compares.

read_labels.py FOLDER: FOLDER is what interop-project made. Prints a JSON
document; exits with 1 when anything differs.
"""

import contextlib
import json
import sys
from pathlib import Path

import nrrd
import numpy as np
import tifffile
import zarr
from napari_ome_zarr import napari_get_reader
from ome_zarr.io import parse_url
from ome_zarr.reader import Reader
from PIL import Image

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
shape = tuple(expected["shape"])
voxel = expected["voxel"]
results = []


def check(program, what, holds, found=None):
    results.append({"program": program, "what": what, "ok": bool(holds), "found": str(found)[:300]})


def pixels(plane):
    return np.fromfile(folder / f"{plane}.bin", dtype=np.uint8).reshape(shape)


def coloured(plane, entry, attributes):
    """The colours and names that image-label gives, by value."""
    found = {one["label-value"]: one["rgba"] for one in attributes["image-label"]["colors"]}
    return found.get(entry["value"]) == rgba(entry["colour"])


def zarr_of_both(plane, want, legend):
    """Exported OME-Zarr: the labels inside the stack, at every size, and their colours."""
    stack = np.fromfile(folder / "stack.bin", dtype="<u2").reshape(shape)
    for version in ("0.4", "0.5"):
        path = folder / f"{plane}-{version}.ome.zarr"
        what = f"{plane}, OME-Zarr {version}"
        group = zarr.open_group(str(path), mode="r")
        check("zarr", f"{what}: every pixel of the stack", np.array_equal(group["0"][:], stack))
        labels = group["labels"][plane]
        check("zarr", f"{what}: every pixel", np.array_equal(labels["0"][:], want))
        half = labels["1"][:]
        check("zarr", f"{what}: half the size", half.shape == (shape[0], -(-shape[1] // 2), -(-shape[2] // 2)), half.shape)
        check("zarr", f"{what}: no values of its own there", set(np.unique(half)) <= set(np.unique(want)))
        attributes = labels.attrs if version == "0.4" else labels.attrs["ome"]
        scale = attributes["multiscales"][0]["datasets"][0]["coordinateTransformations"][0]["scale"]
        check("zarr", f"{what}: voxel size", list(scale) == voxel, scale)
        for entry in legend:
            check("zarr", f"{what}: colour of {entry['name']}", coloured(plane, entry, attributes))
        listed = (group["labels"].attrs if version == "0.4" else group["labels"].attrs["ome"])["labels"]
        check("zarr", f"{what}: listed", list(listed) == [plane], listed)
        nodes = list(Reader(parse_url(str(path), mode="r"))())
        read = [node for node in nodes if node.zarr.basename() == plane]
        found = len(read) == 1 and np.array_equal(np.asarray(read[0].data[0]), want)
        check("ome-zarr", f"{what}: the labels, found from the stack", found, [str(node) for node in nodes])


def rgba(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)] + [255]


for plane in ("classes", "review"):
    image = folder / expected["images"][plane]
    want = pixels(plane)
    legend = expected["legends"][plane]

    group = zarr.open_group(str(image), mode="r")
    array = group["0"]
    check("zarr", f"{plane}: every pixel", np.array_equal(np.asarray(array[:]), want), array.shape)
    scales = group.attrs["multiscales"][0]
    check("zarr", f"{plane}: axes", [axis["name"] for axis in scales["axes"]] == ["z", "y", "x"])
    units = {axis.get("unit") for axis in scales["axes"]}
    check("zarr", f"{plane}: nanometres", units == {"nanometer"}, units)

    # It prints what it finds; the document below is to stand alone.
    with contextlib.redirect_stdout(sys.stderr):
        reader = napari_get_reader(str(image))
        layers = reader(str(image)) if callable(reader) else []
    check("napari-ome-zarr", f"{plane}: one layer", len(layers) == 1, len(layers))
    if len(layers) == 1:
        data, meta, kind = layers[0]
        level = data[0] if isinstance(data, (list, tuple)) else data
        check("napari-ome-zarr", f"{plane}: a labels layer", kind == "labels", kind)
        check("napari-ome-zarr", f"{plane}: every pixel", np.array_equal(np.asarray(level), want))
        check("napari-ome-zarr", f"{plane}: voxel size", list(meta.get("scale", [])) == voxel, meta)
        colours = meta.get("colormap") or meta.get("color") or {}
        if hasattr(colours, "color_dict"):
            colours = colours.color_dict
        for entry in legend:
            found = colours.get(entry["value"])
            near = found is not None and np.allclose(
                np.asarray(found, dtype=float) * 255, rgba(entry["colour"]), atol=1
            )
            check("napari-ome-zarr", f"{plane}: colour of {entry['name']}", near, found)

    try:
        from napari.layers import Labels
    except ImportError as error:
        results.append({"program": "napari", "what": f"{plane}: left out", "ok": True, "found": str(error)})
    else:
        layer = Labels(np.asarray(level), scale=meta["scale"])
        check("napari", f"{plane}: layer data", np.array_equal(layer.data, want))
        check("napari", f"{plane}: layer scale", list(layer.scale) == voxel, layer.scale)

    zarr_of_both(plane, want, legend)

    data, header = nrrd.read(str(folder / f"{plane}.nrrd"))
    check("pynrrd", f"{plane}: every pixel", np.array_equal(data.T, want), data.shape)
    check("pynrrd", f"{plane}: voxel size", list(header["spacings"]) == voxel[::-1], header["spacings"])
    check("pynrrd", f"{plane}: values", "membrana_values" in header, list(header))

    pictures = sorted((folder / f"{plane}-png").glob("*.png"))
    read = [np.asarray(Image.open(picture)) for picture in pictures]
    check("Pillow", f"{plane}: every pixel", np.array_equal(np.stack(read), want), len(read))

    with tifffile.TiffFile(folder / f"{plane}.tif") as tiff:
        check("tifffile", f"{plane}: every pixel", np.array_equal(tiff.asarray(), want), tiff.series[0].shape)
        described = tiff.imagej_metadata or {}
        check("tifffile", f"{plane}: slices", described.get("slices") == shape[0], described)
        across, per = tiff.pages[0].tags["XResolution"].value
        to_nm = {"nm": 1, "micron": 1000, "um": 1000, "\\u00B5m": 1000, "µm": 1000}.get(described.get("unit"))
        size = to_nm and per / across * to_nm
        check("tifffile", f"{plane}: pixel size", size is not None and abs(size - voxel[2]) < 0.01, (size, described))
        depth = to_nm and described.get("spacing", 0) * to_nm
        check("tifffile", f"{plane}: slice thickness", depth is not None and abs(depth - voxel[0]) < 0.01, depth)

failed = [result for result in results if not result["ok"]]
print(json.dumps({"checks": len(results), "failed": failed}, indent=2))
sys.exit(1 if failed else 0)
