/**
 * What the bundled models learn from and how they are checked. Everything
 * else about the training is `model/training/defaults.ts`, the same as for a
 * user's own model; docs/decisions/0009-recipe.md says why.
 */

/** Label stacks by name; a fold names the slices that it keeps from training. */
const isbi = {
  name: 'isbi',
  image: 'isbi2012/train-volume.tif',
  labels: 'isbi2012/train-labels.tif',
  membrane: 0,
  slices: '0-23',
};
const vnc = {
  name: 'vnc',
  image: 'vnc/stack1-raw.tif',
  labels: 'vnc/stack1-membranes.tif',
  membrane: 255,
  slices: '0-15',
};

const isbiTerms = {
  licence:
    'Weights for non-commercial use: ISBI 2012 images may be used to generate or test non-commercial segmentation software. Code: MIT.',
  citation:
    'Trained on the ISBI 2012 EM segmentation challenge data. Cardona A. et al., "An Integrated Micro- and Macroarchitectural Analysis of the Drosophila Brain by Computer-Assisted Serial Section Electron Microscopy", PLoS Biol 8(10), 2010. Arganda-Carreras I. et al., "Crowdsourcing the creation of image segmentation algorithms for connectomics", Front. Neuroanat. 9:142, 2015.',
};

const generalTerms = {
  licence:
    'Weights: Creative Commons Attribution-NonCommercial-ShareAlike 3.0 Unported (CC BY-NC-SA 3.0), https://creativecommons.org/licenses/by-nc-sa/3.0/, as the VNC data asks; the ISBI 2012 images add that they may be used to generate or test non-commercial segmentation software. Code: MIT.',
  citation: `Trained on: Gerhard S., Funke J., Martel J., Cardona A., Fetter R., "Segmented anisotropic ssTEM dataset of neural tissue", figshare, 2013, doi 10.6084/m9.figshare.856713. ${isbiTerms.citation.replace('Trained on the', 'The')}`,
};

const isbiFolds = [{ isbi: '0-7' }, { isbi: '16-23' }];

/**
 * In the order of the list: the last is the newest. A further stage goes on
 * from the weights of the one before with a fresh optimiser and learning rate;
 * `shares` of the crops come from each source.
 */
export const recipes = {
  'isbi-base16': {
    baseFilters: 16,
    stages: [{ steps: 1000 }],
    seed: 0,
    sources: [isbi],
    folds: isbiFolds,
    terms: isbiTerms,
    remark: '',
  },
  'isbi-base8': {
    baseFilters: 8,
    stages: [{ steps: 1500 }],
    seed: 0,
    sources: [isbi],
    folds: isbiFolds,
    terms: isbiTerms,
    remark: '',
  },
  general: {
    baseFilters: 8,
    // VNC is the easier stack: with as many crops as ISBI it took from what the network learnt there.
    stages: [
      { steps: 2250, shares: { isbi: 2, vnc: 1 } },
      { steps: 750, shares: { isbi: 4, vnc: 1 } },
      { steps: 1500, shares: { isbi: 6, vnc: 1 } },
    ],
    seed: 0,
    sources: [isbi, vnc],
    folds: [
      { isbi: '0-7', vnc: '0-3' },
      { isbi: '16-23', vnc: '12-15' },
    ],
    terms: generalTerms,
    remark:
      'The replay crops that come with Membrana are cut from VNC slices ⟨0-11⟩, which these weights learnt from: what it scores on them is not a held-out score.',
  },
};
