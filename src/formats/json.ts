import type { Budget } from "../profile/budget.js";
import { ProfileError } from "../profile/errors.js";
import { decodeUtf8 } from "../profile/utf8.js";

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;

/** The memory of parsed JSON, including temporary data, in bytes. */
const OBJECT_BYTES = 64;
const LIST_BYTES = 32;
/** Per field of an object or entry of a list. */
const ENTRY_BYTES = 12;
/** Per quotation mark: half of a text without its characters. */
const QUOTE_BYTES = 12;
/** Per byte of the input: as text, and in the texts cut from it. */
const TEXT_BYTES = 3;

/** The maximum length of a string in all engines. */
const MAX_STRING_LENGTH = 2 ** 29 - 32;

/** A JSON object with unchecked fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns the position of the first byte that is not white space. */
export function jsonStart(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

/**
 * Yields the keys of the outermost object, or of the first entry of a list, without parsing the
 * values. A detector stops at the first conclusive key.
 */
export function* outermostKeys(bytes: Uint8Array): Generator<string> {
  for (const { key } of outermostFields(bytes)) yield key;
}

/** Yields the keys of {@link outermostKeys}, and the positions where their values may begin. */
export function* outermostFields(
  bytes: Uint8Array,
): Generator<{ readonly key: string; readonly valueAt: number }> {
  let at = jsonStart(bytes);
  if (bytes[at] === OPEN_LIST) {
    do at++;
    while (isBlank(bytes[at]));
  }
  if (bytes[at] !== OPEN_OBJECT) return;
  let depth = 0;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const start = at + 1;
      for (at = start; at < bytes.length && bytes[at] !== QUOTE; at++) {
        if (bytes[at] === BACKSLASH) at++;
      }
      if (depth !== 1) continue;
      let next = at + 1;
      while (isBlank(bytes[next])) next++;
      if (bytes[next] === COLON) {
        yield { key: decodeUtf8(bytes, start, Math.min(at, start + 64)), valueAt: next + 1 };
      }
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth++;
    } else if (byte === OPEN_OBJECT + 2 || byte === OPEN_LIST + 2) {
      if (--depth === 0) return;
    }
  }
}

/** Estimates the memory of parsed JSON from its brackets and commas. */
function parsedSize(bytes: Uint8Array): number {
  let size = bytes.length * TEXT_BYTES;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case OPEN_OBJECT:
        size += OBJECT_BYTES;
        break;
      case OPEN_LIST:
        size += LIST_BYTES;
        break;
      case COMMA:
      case COLON:
        size += ENTRY_BYTES;
        break;
      case QUOTE:
        size += QUOTE_BYTES;
        break;
    }
  }
  return size;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === NEWLINE || byte === RETURN;
}

/** Reads the contents of a JSON input, and reports errors in one line. */
export class JsonInput {
  constructor(
    readonly format: string,
    readonly budget: Budget,
  ) {}

  /** Throws a ProfileError if the input is not JSON or too large. */
  parse(bytes: Uint8Array, ending = ""): unknown {
    this.budget.charge(parsedSize(bytes));
    if (bytes.length > MAX_STRING_LENGTH) throw this.malformed("longer than 512 MB");
    const start = jsonStart(bytes);
    try {
      return JSON.parse(decodeUtf8(bytes, start, bytes.length) + ending);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // The engine quotes the input, which may contain anything; the position is enough.
      const position = /position [0-9]+/.exec(error.message)?.[0];
      throw this.malformed(position ? `invalid JSON at ${position}` : "the JSON ends too early");
    }
  }

  malformed(why: string): ProfileError {
    return new ProfileError(`malformed ${this.format}: ${why}`);
  }

  /** Returns `value` if it is an object. */
  object(value: unknown, what: string): JsonObject {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as JsonObject;
    }
    throw this.malformed(`${what} is not an object`);
  }

  /** Returns `value` if it is a list; an empty list if it is optional and missing. */
  list(value: unknown, what: string, isOptional = false): readonly unknown[] {
    if (Array.isArray(value)) return value;
    if (isOptional && (value === undefined || value === null)) return [];
    throw this.malformed(`${what} is not a list`);
  }

  /** Returns `value` if it is text; empty text if it is missing. */
  text(value: unknown, what: string): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "string") return value;
    throw this.malformed(`${what} is not a string`);
  }

  /** Returns `value` if it is a finite number; `missing` if it is absent or null. */
  number(value: unknown, what: string, missing?: number): number {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if ((value === undefined || value === null) && missing !== undefined) return missing;
    throw this.malformed(`${what} is not a number`);
  }

  /** Returns `value` if it is a safe integer. */
  whole(value: unknown, what: string, missing?: number): number {
    const number = this.number(value, what, missing);
    if (Number.isSafeInteger(number)) return number + 0;
    throw this.malformed(`${what} is not a whole number below 2^53`);
  }
}
