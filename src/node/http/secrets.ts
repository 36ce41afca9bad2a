/** Stands for a secret; the word that Go uses for passwords. */
export const MASK = "xxxxx";

/** Parameters of profile servers that hold no secrets, as long as their values are numbers. */
const HARMLESS_PARAMETERS = new Set(
  "seconds debug gc rate hz freq frequency duration interval timeout".split(" "),
);

/** A parameter behind what separates it; its value goes up to the next one. */
const PARAMETER = /([?&;]|%3f|%26|%3b)([^=&;/?#%]*)(?:=([^&;/?#]*))?/gi;

/** Parameters, with the values masked of all that may be secrets. */
function maskParameters(text: string): string {
  return text.replace(PARAMETER, (pair, mark: string, key: string, value?: string) => {
    if (key === "" && !value) return pair;
    if (HARMLESS_PARAMETERS.has(key) && /^[0-9.]*$/.test(value ?? "")) return pair;
    // A parameter of a query without a value may be the secret itself.
    return value ? `${mark}${key}=${MASK}` : mark === "?" || mark === "&" ? mark + MASK : pair;
  });
}

/** Who asks, at the beginning of a URL: a name, which may be a token, and a password. */
const USER = /^(\s*(?:[a-z][a-z0-9+.-]*:)?\/{0,3})(?!\/)([^@/?#]*?)(:(?!\/\/)[^@]*)?@/i;

/**
 * Text that may be a URL, with everything masked that may be a secret: its password, a user name
 * without one, its fragment, and the values in its path and query that are not known to be
 * harmless. For sources as they were typed, also those that cannot be understood.
 */
export function maskSecrets(text: string): string {
  const [, beforeFragment = "", fragment] = /^([^#]*)(#.*)?$/s.exec(text) ?? [];
  const masked = maskParameters(
    beforeFragment.replace(USER, (_, start: string, user: string, password?: string) =>
      password === undefined ? `${start}${MASK}@` : `${start}${user}:${MASK}@`,
    ),
  );
  // Names of files have such marks, too.
  const isSecret = fragment !== undefined && (/:\/\//.test(text) || fragment.includes("="));
  return masked + (isSecret ? `#${MASK}` : (fragment ?? ""));
}

/** Text of others, such as the answer of a server, that may repeat what it was asked for. */
export function maskParametersIn(text: string): string {
  return text.replace(/([?&;][^=\s?&;"'<>]+=)[^\s&;"'<>]+/g, `$1${MASK}`);
}
