export type Theme = 'auto' | 'light' | 'dark';

const themes: readonly Theme[] = ['auto', 'light', 'dark'];
const key = 'fibbars-theme';

/** The reader's choice; `auto` is what the system says. */
export function currentTheme(): Theme {
  return themes.find((theme) => theme === document.documentElement.dataset['theme']) ?? 'auto';
}

export function restoreTheme(): void {
  apply(themes.find((theme) => theme === read()) ?? 'auto');
}

export function switchTheme(): void {
  const next = themes[(themes.indexOf(currentTheme()) + 1) % themes.length] ?? 'auto';
  apply(next);
  try {
    localStorage.setItem(key, next);
  } catch {
    // A browser that keeps nothing: the choice holds until the page is closed.
  }
}

/**
 * Calls when the colours change, by the switch or by the system.
 * @returns what ends that
 */
export function onThemeChange(listener: () => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener, { signal });
  document.addEventListener('fibbars-theme', listener, { signal });
  return () => ending.abort();
}

function apply(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  document.dispatchEvent(new Event('fibbars-theme'));
}

function read(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
