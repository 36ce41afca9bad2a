import { usageError } from "../errors/user-error.js";
import type { User } from "./target.js";

/** A header of a request: its name and its value. */
export type Header = readonly [name: string, value: string];

/** Headers that tsprof sets itself, or that would break the request. */
const OWN = new Set(["connection", "content-length", "transfer-encoding", "accept-encoding"]);

/** Reads `Name: value`; throws an Error of one line, which does not tell the value. */
export function parseHeader(text: string): Header {
  const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw usageError("-header wants a name and a value, such as 'Authorization: Bearer TOKEN'");
  }
  if (OWN.has(name.toLowerCase())) throw usageError(`-header cannot set ${name}`);
  const trimmed = value.trim();
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(trimmed)) {
    throw usageError(`the value of -header '${name}: ...' has letters that a header cannot have`);
  }
  return [name, trimmed];
}

/** The header that tells who asks (RFC 7617). */
export function authorization({ name, password }: User): Header {
  return ["Authorization", `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`];
}
