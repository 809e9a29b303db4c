/*
 * Imported before everything else. Libraries assign markup and script URLs in
 * two harmless ways (Konva empties an element, workers load from our own
 * assets); the default policy lets exactly those through and refuses the rest.
 */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: {
      createHTML: (text: string) => string | null;
      createScriptURL: (url: string) => string | null;
    },
  ): unknown;
}

declare global {
  interface Window {
    readonly trustedTypes?: PolicyFactory;
  }
}

window.trustedTypes?.createPolicy('default', {
  createHTML: (text) => (text === '' ? '' : null),
  createScriptURL: (url) => {
    const target = new URL(url, document.baseURI);
    const ours = target.origin === location.origin && target.pathname.startsWith('/assets/');
    return ours || target.protocol === 'blob:' ? url : null;
  },
});
export {};
