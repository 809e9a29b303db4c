/** The Electron that the app is made for and shipped with; a test holds it to package.json. */
export const INTENDED_ELECTRON = '45.4.1';
