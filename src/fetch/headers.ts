import { usageError } from "../errors/user-error.js";
import type { User } from "./target.js";

export type Header = readonly [name: string, value: string];

/** The headers that users cannot set, as they would break the request. */
const OWN = new Set(["connection", "content-length", "transfer-encoding", "accept-encoding"]);

/** Parses `Name: value`. Throws an Error of one line, without the value, which may be secret. */
export function parseHeader(text: string): Header {
  const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw usageError("-header needs a name and a value, such as 'Authorization: Bearer TOKEN'");
  }
  if (OWN.has(name.toLowerCase())) throw usageError(`-header cannot set ${name}`);
  const trimmed = value.trim();
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(trimmed)) {
    throw usageError(
      `the value of -header '${name}: ...' has a character that headers cannot have`,
    );
  }
  return [name, trimmed];
}

/** Returns the header that authenticates a user (RFC 7617). */
export function authorization({ name, password }: User): Header {
  return ["Authorization", `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`];
}
