/** What asks where it stands or which thread it is on, and gets another answer within a bundle. */
const asksItsPlace =
  /\bworker_threads\b|\bisMainThread\b|\bimport\.meta\.url\b|\b__dirname\b|\b__filename\b/;

/**
 * Refuses a bundle that holds a package which behaves differently inside one: a
 * library that starts threads runs its thread's code in ours (geotiff's pool took
 * our decode worker for its own), one that looks for files beside it finds none.
 * Unit tests, which bundle nothing, can't see either.
 * @returns {import('rolldown').Plugin}
 */
export function refusePlaceBoundPackages() {
  return {
    name: 'refuse-place-bound-packages',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const [path, { code, renderedLength }] of Object.entries(chunk.modules)) {
          const name = path.split('node_modules/').at(-1);
          const found = path.includes('node_modules/') ? asksItsPlace.exec(code ?? '') : null;
          if (found !== null && renderedLength > 0)
            throw new Error(
              `${name} uses ${found[0]} and can't be bundled: import less of it, or keep it external (scripts/build/entries.mjs).`,
            );
        }
      }
    },
  };
}
