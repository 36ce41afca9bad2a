import { MAX_INPUT, MAX_OUTPUT } from "./limits.js";

/**
 * Demangles rustc's legacy mangling: an Itanium nested name whose last part is a hash,
 * `_ZN4core3mem4swap17h0123456789abcdefE`. Characters that identifiers cannot contain are escaped,
 * such as `$LT$` and `$u20$`. The hash is not printed. Returns undefined for other names.
 */
export function demangleRustLegacy(symbol: string): string | undefined {
  if (!symbol.startsWith("_ZN") || symbol.length > MAX_INPUT) {
    return undefined;
  }
  const parts: string[] = [];
  let pos = "_ZN".length;
  while (symbol.charAt(pos) !== "E") {
    const digits = /^[0-9]{1,6}/.exec(symbol.slice(pos, pos + 6))?.[0];
    if (digits === undefined) {
      return undefined;
    }
    const start = pos + digits.length;
    pos = start + Number(digits);
    if (pos >= symbol.length || pos === start) {
      return undefined;
    }
    parts.push(symbol.slice(start, pos));
  }
  const end = pos + 1;
  if (end !== symbol.length && symbol.charAt(end) !== ".") {
    return undefined;
  }
  const hash = parts.pop();
  if (hash === undefined || parts.length === 0 || !isHash(hash)) {
    return undefined;
  }
  const decoded: string[] = [];
  for (const part of parts) {
    decoded.push(unescapePart(part));
  }
  const name = decoded.join("::");
  return name.length <= MAX_OUTPUT ? name : undefined;
}

/** Tests for a hash. Its many different digits distinguish it from a C++ name of the same form. */
function isHash(part: string): boolean {
  return /^h[0-9a-f]{16}$/.test(part) && new Set(part.slice(1)).size >= 5;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["SP", "@"],
  ["BP", "*"],
  ["RF", "&"],
  ["LT", "<"],
  ["GT", ">"],
  ["LP", "("],
  ["RP", ")"],
  ["C", ","],
]);

/** Decodes the escapes of a path segment; an unknown escape ends the decoding. */
function unescapePart(part: string): string {
  // rustc adds an underscore before a leading escape. pprof's demangler drops any leading
  // underscore.
  let pos = part.startsWith("_") ? 1 : 0;
  let text = "";
  while (pos < part.length) {
    const c = part.charAt(pos);
    if (c === "." && part.charAt(pos + 1) === ".") {
      text += "::";
      pos += 2;
    } else if (c === "$") {
      const end = part.indexOf("$", pos + 1);
      const name = part.slice(pos + 1, end < 0 ? pos + 1 : end);
      const char = ESCAPES.get(name) ?? unescapeCodePoint(name);
      if (char === undefined) {
        return text + part.slice(pos);
      }
      text += char;
      pos = end + 1;
    } else {
      text += c;
      pos++;
    }
  }
  return text;
}

/** Decodes `u20` to a space; rustc escapes only printable ASCII in this way. */
function unescapeCodePoint(name: string): string | undefined {
  if (!/^u[2-7][0-9a-f]$/.test(name)) {
    return undefined;
  }
  return String.fromCharCode(Number.parseInt(name.slice(1), 16));
}
