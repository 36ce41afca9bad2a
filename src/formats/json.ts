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

/** What parsed JSON takes in memory, in bytes, with what is made of it on the way. */
const OBJECT_BYTES = 64;
const LIST_BYTES = 32;
/** A field of an object, or an entry of a list. */
const ENTRY_BYTES = 12;
/** A text without its characters, by each of its two quotation marks. */
const QUOTE_BYTES = 12;
/** A byte of the input: as text, and in the texts that are cut from it. */
const TEXT_BYTES = 3;

/** Engines have no longer strings. */
const MAX_TEXT = 2 ** 29 - 32;

/** An object of JSON, whose fields are still to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The first byte of JSON that is no white space, and where it is. */
export function jsonStart(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

/**
 * The keys of the outermost object, as they come, without parsing what is in between: a
 * detector stops at the first that tells. For a list, those of its first entry.
 */
export function* outermostKeys(bytes: Uint8Array): Generator<string> {
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
      if (bytes[next] === COLON) yield decodeUtf8(bytes, start, Math.min(at, start + 64));
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth++;
    } else if (byte === OPEN_OBJECT + 2 || byte === OPEN_LIST + 2) {
      if (--depth === 0) return;
    }
  }
}

/** About what JSON takes in memory once it is parsed: brackets and commas show it. */
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

/** Reads what an input of JSON holds, and says in one line what is wrong with it. */
export class JsonInput {
  constructor(
    /** What the format is called in messages. */
    readonly format: string,
    readonly budget: Budget,
  ) {}

  /** Throws a ProfileError where it is not JSON, or too large to be taken apart. */
  parse(bytes: Uint8Array, ending = ""): unknown {
    this.budget.charge(parsedSize(bytes));
    if (bytes.length > MAX_TEXT) throw this.malformed("it is longer than 512 MB");
    const start = jsonStart(bytes);
    try {
      return JSON.parse(decodeUtf8(bytes, start, bytes.length) + ending);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // The engine quotes the input, which may hold anything: letters, digits and a place are enough.
      const place = /position [0-9]+/.exec(error.message)?.[0];
      throw this.malformed(place ? `it is no JSON, at ${place}` : "the JSON ends too early");
    }
  }

  malformed(why: string): ProfileError {
    return new ProfileError(`malformed ${this.format}: ${why}`);
  }

  /** `value` as an object. */
  object(value: unknown, what: string): JsonObject {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as JsonObject;
    }
    throw this.malformed(`${what} is not an object`);
  }

  /** `value` as a list; an empty one where it is left out and may be. */
  list(value: unknown, what: string, isOptional = false): readonly unknown[] {
    if (Array.isArray(value)) return value;
    if (isOptional && (value === undefined || value === null)) return [];
    throw this.malformed(`${what} is not a list`);
  }

  /** `value` as text; empty where it is left out. */
  text(value: unknown, what: string): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "string") return value;
    throw this.malformed(`${what} is not a text`);
  }

  /** `value` as a finite number; `missing` where it is left out and that is given. */
  number(value: unknown, what: string, missing?: number): number {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value === undefined && missing !== undefined) return missing;
    throw this.malformed(`${what} is not a number`);
  }

  /** `value` as a whole number that a double has exactly. */
  whole(value: unknown, what: string, missing?: number): number {
    const number = this.number(value, what, missing);
    if (Number.isSafeInteger(number)) return number + 0;
    throw this.malformed(`${what} is not a whole number below 2^53`);
  }
}
