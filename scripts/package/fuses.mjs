import { createRequire } from 'node:module';
import { SetupError } from '../setup/console.mjs';

const { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } = createRequire(
  import.meta.url,
)('@electron/fuses');

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

export async function setFuses(executable, inspectable) {
  const options = Object.entries(wanted(inspectable)).map(([name, on]) => [
    FuseV1Options[name],
    on,
  ]);
  await flipFuses(executable, { version: FuseVersion.V1, ...Object.fromEntries(options) });
}

/** Reads the fuses back from the packed executable. */
export async function verifyFuses(executable, inspectable) {
  const wire = await getCurrentFuseWire(executable);
  const wrong = Object.entries(wanted(inspectable)).filter(
    ([name, on]) => wire[FuseV1Options[name]] !== (on ? FuseState.ENABLE : FuseState.DISABLE),
  );
  if (wrong.length > 0) {
    throw new SetupError(
      `Fuses are not as they should be: ${wrong.map(([name]) => name).join(', ')}.`,
      'compare scripts/package/fuses.mjs with what this Electron knows.',
    );
  }
}
