/** Replaces secrets in texts. Go uses the same word for passwords. */
export const MASK = "xxxxx";

/** Parameters of profile servers that are not secret if their values are numbers. */
const HARMLESS_PARAMETERS = new Set(
  "seconds debug gc rate hz freq frequency duration interval timeout".split(" "),
);

/** The start of a query, even if its question mark is escaped by mistake. */
const QUERY_MARK = /\?|%3f/i;

/** A parameter of a path, such as `;token=x`, up to the next parameter or slash. */
const PATH_PARAMETER = /([;&]|%26|%3b)([^=;&/]*)=[^;&/]*/gi;

/** A parameter of a query, up to the next parameter. */
const QUERY_PARAMETER = /([^&;=]+)(?:=([^&;]*))?/g;

/** Masks query parameters that may be secret. For the names of fetched files. */
export function maskQuery(text: string): string {
  const { index, 0: mark } = QUERY_MARK.exec(text) ?? { index: text.length, 0: "" };
  const query = text.slice(index + mark.length);
  return (
    text.slice(0, index) +
    mark +
    query.replace(QUERY_PARAMETER, (pair, key: string, value = "") => {
      if (HARMLESS_PARAMETERS.has(key) && /^[0-9.]*$/.test(value)) return pair;
      // A parameter without a value may be the secret itself.
      return value === "" ? MASK : `${key}=${MASK}`;
    })
  );
}

/** A user and a password, up to the last `@`. The group matches the part before the password. */
const PASSWORD = /^(\s*(?:[a-z][a-z0-9+.-]*:)?\/{0,3}[^:@/?#]*):(?!\/\/).*@/is;

/** A user without a password, which may be a token. The group matches the part before the user. */
const USER = /^(\s*(?:[a-z][a-z0-9+.-]*:)?\/{0,3})[^@/?#:]+@/i;

/**
 * Masks everything that may be secret in a source as the user typed it, even if it is not a valid
 * URL: its password, a user that may be a token, its fragment, and all values in its path and query
 * that are not known to be harmless.
 */
export function maskSecrets(text: string): string {
  // First, as a password that is not escaped may contain the characters `#?;&`.
  const [address, fragment] = splitAt("#", text.replace(PASSWORD, `$1:${MASK}@`));
  const { index } = QUERY_MARK.exec(address) ?? { index: address.length };
  const beforeQuery = address
    .slice(0, index)
    .replace(PATH_PARAMETER, `$1$2=${MASK}`)
    .replace(USER, `$1${MASK}@`);
  // File names may contain `#`, too.
  const isSecret = /:\/\//.test(text) || fragment.includes("=");
  return (
    beforeQuery + maskQuery(address.slice(index)) + (isSecret && fragment ? `#${MASK}` : fragment)
  );
}

/** Returns the text before the first `mark`, and the rest with the mark. */
function splitAt(mark: string, text: string): [string, string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index)];
}

/** Masks query parameters anywhere in a text, such as a server's message that quotes its URL. */
export function maskParametersIn(text: string): string {
  return text.replace(/([?&;][^=\s?&;"'<>]+=)[^\s&;"'<>]+/g, `$1${MASK}`);
}
