import { SetupError } from '../setup/console.mjs';

/**
 * A release is packed with the Electron that the app is made for. Where set-up
 * could not reach its release page it took an older one, which lacks years of
 * security fixes: good enough to develop and test with, for nobody else.
 * @param {{ version: string, intended: string, released: boolean }} what
 *   `released`: whether the package may be given to others
 */
export function refuseOldRuntime({ version, intended, released }) {
  if (!released || version === intended) return;
  throw new SetupError(
    `A release needs Electron ${intended}; set-up found ${version} here.`,
    `run \`npm run package\` where Electron's release page can be reached (after \`rm -rf .runtime/electron\`), or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron ${intended}; \`npm run package -- --unreleased\` packs a build that is not to be given to others.`,
  );
}
