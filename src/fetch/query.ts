/** The values of a query by their keys, in order if a key is repeated. */
export type Query = Map<string, string[]>;

/**
 * Parses the query of a URL as Go does: pairs that contain a `;` or an invalid escape are dropped.
 */
export function parseQuery(text: string): Query {
  const query: Query = new Map();
  for (const pair of text.split("&")) {
    if (pair === "" || pair.includes(";") || /%(?![0-9A-Fa-f]{2})/.test(pair)) continue;
    const equals = pair.indexOf("=");
    const key = unescapePart(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : unescapePart(pair.slice(equals + 1));
    const values = query.get(key);
    if (values) values.push(value);
    else query.set(key, [value]);
  }
  return query;
}

/** Encodes a query as Go does: sorted by key, with `+` for a space. */
export function encodeQuery(query: Query): string {
  return [...query]
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a, ENCODING), Buffer.from(b, ENCODING)))
    .flatMap(([key, values]) => values.map((value) => `${escapePart(key)}=${escapePart(value)}`))
    .join("&");
}

/** Keys and values are strings with one character for each byte, as they need not be UTF-8. */
const ENCODING = "latin1";

function unescapePart(text: string): string {
  return Buffer.from(text.replaceAll("+", " "), "utf8")
    .toString(ENCODING)
    .replace(/%([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function escapePart(text: string): string {
  return text.replace(/[^A-Za-z0-9\-_.~]/g, (letter) =>
    letter === " " ? "+" : `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
