import type { ColorMode } from "../../render/flame/colors.js";

/** How somebody likes flame graphs, whatever the profile. */
export interface Preferences {
  readonly color: ColorMode;
  /** The root is at the bottom. */
  readonly flipped: boolean;
  readonly showsMap: boolean;
}

const KEY = "tsprof.flame";
const DEFAULTS: Preferences = { color: "group", flipped: false, showsMap: true };

/** What was kept; browsers may keep nothing at all, for files above all. */
export function loadPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<
      Record<string, unknown>
    > | null;
    return {
      color: kept?.color === "share" ? "share" : DEFAULTS.color,
      flipped: kept?.flipped === true,
      showsMap: kept?.showsMap !== false,
    };
  } catch {
    return DEFAULTS;
  }
}

/** Keeps them if that is possible. */
export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Then they last as long as the page.
  }
}
