/** What the page looks like: as the system wants it, or as the user chose here. */
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "tsprof-theme";

/** Told to the window when the colours have changed, for what is drawn on canvases. */
export const THEME_CHANGE = "themechange";

export function chosenTheme(): Theme {
  const stored = remembered(KEY);
  return THEMES.find((theme) => theme === stored) ?? "auto";
}

export function chooseTheme(theme: Theme): void {
  remember(KEY, theme);
  applyTheme();
}

/** Shows the page in the colours that were chosen, and follows the system where none were. */
export function applyTheme(): void {
  const theme = chosenTheme();
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  dispatchEvent(new Event(THEME_CHANGE));
}

export function followSystemTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyTheme());
}

/** What was kept in this browser under a key. There may be nowhere to keep it. */
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
    // Then it holds until the page is left.
  }
}
