/** The colours of the page: those of the system (`auto`), or the user's choice. */
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = "tsprof-theme";

/** An event of the window: the colours have changed, so canvases must repaint. */
export const THEME_CHANGE = "themechange";

export function chosenTheme(): Theme {
  const stored = remembered(STORAGE_KEY);
  return THEMES.find((theme) => theme === stored) ?? "auto";
}

export function chooseTheme(theme: Theme): void {
  remember(STORAGE_KEY, theme);
  applyTheme();
}

export function applyTheme(): void {
  const theme = chosenTheme();
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  dispatchEvent(new Event(THEME_CHANGE));
}

export function followSystemTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyTheme());
}

/** Returns a value kept in this browser, or null. Browsers may refuse to keep values. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}
