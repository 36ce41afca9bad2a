/** Stands for a secret; the word that Go uses for passwords. */
export const MASK = "xxxxx";

/** Parameters of profile servers that hold no secrets, as long as their values are numbers. */
const HARMLESS_PARAMETERS = new Set(
  "seconds debug gc rate hz freq frequency duration interval timeout".split(" "),
);

/** Where a query begins, also one whose mark is escaped by mistake. */
const QUERY_MARK = /\?|%3f/i;

/** Parameters of a path, such as `;token=x`: up to the next one or the next part of the path. */
const PATH_PARAMETER = /([;&]|%26|%3b)([^=;&/]*)=[^;&/]*/gi;

/** Parameters of a query, with everything in them up to the next one. */
const QUERY_PARAMETER = /([^&;=]+)(?:=([^&;]*))?/g;

/**
 * Text with the values masked of all parameters that may be secrets: those of its query, behind
 * the first `?`, and nothing in front of it. For names of files that were fetched.
 */
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

/** A user with a password, up to the last `@`: what is in front of the password. */
const PASSWORD = /^(\s*(?:[a-z][a-z0-9+.-]*:)?\/{0,3}[^:@/?#]*):(?!\/\/).*@/is;

/** A user without a password, who may be a token: what is in front of the user. */
const USER = /^(\s*(?:[a-z][a-z0-9+.-]*:)?\/{0,3})[^@/?#:]+@/i;

/**
 * Text that may be a URL, with everything masked that may be a secret: its password, a user name
 * without one, its fragment, and the values in its path and query that are not known to be
 * harmless. For sources as they were typed, also those that cannot be understood.
 */
export function maskSecrets(text: string): string {
  // A password may have any of the marks below in it, where it was not escaped.
  const [address, fragment] = splitAt("#", text.replace(PASSWORD, `$1:${MASK}@`));
  const { index } = QUERY_MARK.exec(address) ?? { index: address.length };
  const place = address
    .slice(0, index)
    .replace(PATH_PARAMETER, `$1$2=${MASK}`)
    .replace(USER, `$1${MASK}@`);
  // Names of files have such a mark, too.
  const isSecret = /:\/\//.test(text) || fragment.includes("=");
  return place + maskQuery(address.slice(index)) + (isSecret && fragment ? `#${MASK}` : fragment);
}

/** What stands before the first mark, and the rest from it on. */
function splitAt(mark: string, text: string): [string, string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index)];
}

/** Text of others, such as the answer of a server, that may repeat what it was asked for. */
export function maskParametersIn(text: string): string {
  return text.replace(/([?&;][^=\s?&;"'<>]+=)[^\s&;"'<>]+/g, `$1${MASK}`);
}
