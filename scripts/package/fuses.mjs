import { createRequire } from 'node:module';
import { SetupError } from '../setup/console.mjs';

const { FuseV1Options, getCurrentFuseWire } = createRequire(import.meta.url)('@electron/fuses');

/** What a release can't be talked into: running as Node, being inspected, loading another app. */
const release = {
  RunAsNode: false,
  EnableCookieEncryption: false,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

const wanted = (inspectable) => ({ ...release, EnableNodeCliInspectArguments: inspectable });

/** The same table under electron-builder's names. */
export function builderFuses(inspectable) {
  return Object.fromEntries(
    Object.entries(wanted(inspectable)).map(([name, on]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      on,
    ]),
  );
}

/** Reads the fuses back from the packed executable, where a fuse is the character 0 or 1. */
export async function verifyFuses(executable, inspectable) {
  const wire = await getCurrentFuseWire(executable);
  const wrong = Object.entries(wanted(inspectable)).filter(
    ([name, on]) => String.fromCharCode(wire[FuseV1Options[name]]) !== (on ? '1' : '0'),
  );
  if (wrong.length > 0) {
    throw new SetupError(
      `Fuses are not as they should be: ${wrong.map(([name]) => name).join(', ')}.`,
      'compare scripts/package/fuses.mjs with what this Electron knows.',
    );
  }
}
