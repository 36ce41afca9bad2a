import type { ColorMode } from "../../render/flame/colors.js";
import { remember, remembered } from "../widgets/theme.js";

/** The user's settings for flame graphs, kept across profiles. */
export interface Preferences {
  readonly color: ColorMode;
  /** Whether the root is at the bottom. */
  readonly flipped: boolean;
  readonly showsMap: boolean;
}

const STORAGE_KEY = "tsprof.flame";
const DEFAULTS: Preferences = { color: "group", flipped: false, showsMap: true };

/** Returns the stored preferences, or the defaults. Browsers may refuse to store any. */
export function loadPreferences(): Preferences {
  try {
    const kept = JSON.parse(remembered(STORAGE_KEY) ?? "{}") as Partial<
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

/** Stores the preferences if the browser allows it. */
export function savePreferences(preferences: Preferences): void {
  remember(STORAGE_KEY, JSON.stringify(preferences));
}
