/** Stands for a secret; the word that Go uses for passwords. */
export const MASK = "xxxxx";

/**
 * Parameters of profile servers, which hold no secrets as long as their values are short words.
 * All others may: tokens, keys and signatures have many names.
 */
const HARMLESS_PARAMETERS = new Set(
  (
    "seconds debug gc rate hz freq frequency duration interval timeout type profile_type " +
    "event sample_index service format output pprof exclude include"
  ).split(" "),
);

/** A value that may be shown: a number or a short word. */
const PLAIN_VALUE = /^[A-Za-z0-9_.:-]{0,16}$/;

/**
 * A query or fragment (without its `?` or `#`), with the values masked of all parameters that may
 * be secrets: all but the usual ones of profile servers.
 */
function maskQuery(query: string): string {
  return query.replace(/([^&;=]+)(?:=([^&;]*))?/g, (pair, key: string, value = "") => {
    if (HARMLESS_PARAMETERS.has(key) && PLAIN_VALUE.test(value)) return pair;
    // A parameter without a value may be the secret itself.
    return value === "" ? MASK : `${key}=${MASK}`;
  });
}

/**
 * Text that may be a URL, with its password and the secrets in its query masked: for sources as
 * they were typed, also those that cannot be understood.
 */
export function maskSecrets(text: string): string {
  return text
    .replace(/^((?:[a-z][a-z0-9+.-]*:)?\/\/)?([^:@/?#]*):(?!\/\/)(.*)@/is, `$1$2:${MASK}@`)
    .replace(/\?([^#]*)|#(.*=.*)/gs, (text) => text[0] + maskQuery(text.slice(1)));
}
