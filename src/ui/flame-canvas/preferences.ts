import { remember, remembered } from "../widgets/theme.js";

/** The user's settings for flame graphs, kept across profiles. */
export interface Preferences {
  readonly showsMap: boolean;
}

const STORAGE_KEY = "tsprof.flame";

/** Returns the stored preferences, or the defaults. Browsers may refuse to store any. */
export function loadPreferences(): Preferences {
  try {
    const kept = JSON.parse(remembered(STORAGE_KEY) ?? "{}") as Partial<
      Record<string, unknown>
    > | null;
    return { showsMap: kept?.showsMap !== false };
  } catch {
    return { showsMap: true };
  }
}

/** Stores the preferences if the browser allows it. */
export function savePreferences(preferences: Preferences): void {
  remember(STORAGE_KEY, JSON.stringify(preferences));
}
