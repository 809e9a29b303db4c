/** README.txt of a project folder, for someone who has the folder and not the app. */
export const projectReadme = `This folder is a Membrana project: labels, predictions and models of an
electron-microscopy stack. Open it with Membrana (File > Open project), or use
its parts with other programs:

labels/<stack>/<layer>.ome.zarr          the class of every pixel: 0 nobody has
                                         looked, 1 cell interior, 2 membrane,
                                         127 void (dirt, folds), others as
                                         named in project.json
labels/<stack>/<layer>-review.ome.zarr   0 untouched, 1 painted, 2 confirmed
    Both are OME-Zarr 0.4 (Zarr version 2, zlib), axes z y x, voxel size in
    nanometres; napari, Fiji and zarr-python open them. They hold everything up
    to the last checkpoint, which closing the project makes.
journal/       every stroke since, and the newest ones before for undo
versions/      named states of the labels that Membrana can go back to
models/        networks, weights and their cards
predictions/   membrane probabilities; may be deleted at any time
cache/         may be deleted at any time
lock/          who has the project open

The image stack itself is not in here: project.json says where it was.
`;
