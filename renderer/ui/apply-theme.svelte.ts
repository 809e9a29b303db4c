import type { Topics } from '../state/topics';

/** Keeps the document's theme in step with the setting, and with the system where that is asked for. */
export function applyTheme({ app }: Topics): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  $effect(() => {
    const { theme } = app.settings;
    const set = (): void => {
      const shown = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
      document.documentElement.dataset['theme'] = shown;
      app.shownTheme = shown;
    };
    set();
    dark.addEventListener('change', set);
    return () => {
      dark.removeEventListener('change', set);
    };
  });
}
