import { fail } from "./limits.js";
import { decodePunycode } from "./punycode.js";

/** Reads the lexical elements of a v0 mangled Rust symbol. */
export class RustScanner {
  pos = 0;
  /** The end of the text; in a back reference, its own position. */
  end: number;

  constructor(readonly text: string) {
    this.end = text.length;
  }

  atEnd(): boolean {
    return this.pos >= this.end;
  }

  peek(): string {
    return this.atEnd() ? "" : this.text.charAt(this.pos);
  }

  next(): string {
    const c = this.peek();
    if (c === "") {
      fail();
    }
    this.pos++;
    return c;
  }

  accept(c: string): boolean {
    if (this.peek() !== c) {
      return false;
    }
    this.pos++;
    return true;
  }

  /** {<hex-digit>} `_`, without leading zeros. */
  hex(): string {
    const start = this.pos;
    while (isHexDigit(this.peek())) {
      this.pos++;
    }
    const digits = this.text.slice(start, this.pos);
    if (!/^(?:0|[1-9a-f].*)$/.test(digits) || !this.accept("_")) {
      fail();
    }
    // pprof's demangler keeps 64 bits, and treats zeros beyond them as leading zeros.
    return /0{16}./.test(digits) ? fail() : digits;
  }

  /** [`s` <base-62-number>]; 0 if absent. */
  disambiguator(): number {
    return this.accept("s") ? this.base62() + 1 : 0;
  }

  /** <base-62-number>: `_` is 0, `0_` is 1, ... */
  base62(): number {
    let value = 0;
    for (let first = true; ; first = false) {
      const c = this.next();
      if (c === "_") {
        return first ? 0 : value + 1;
      }
      value = value * 62 + base62Digit(c);
    }
  }

  /** <undisambiguated-identifier> */
  identifier(): string {
    const punycode = this.accept("u");
    const start = this.pos;
    while (/[0-9]/.test(this.peek())) {
      this.pos++;
    }
    if (this.pos === start && this.atEnd()) {
      fail();
    }
    // In the RFC a leading `0` is a complete number. pprof's demangler continues after it, so the
    // next name has no length, and reads a missing length as 0: `00` is two nameless closures for
    // it too, but a nameless closure before a name is an error.
    const length = Number(this.text.slice(start, this.pos));
    this.accept("_");
    const nameStart = this.pos;
    this.pos += length;
    if (this.pos > this.end) {
      fail();
    }
    const text = this.text.slice(nameStart, this.pos);
    return punycode ? (decodePunycode(text) ?? fail()) : text;
  }
}

function isHexDigit(c: string): boolean {
  return (c >= "0" && c <= "9") || (c >= "a" && c <= "f");
}

function base62Digit(c: string): number {
  if (c >= "0" && c <= "9") {
    return Number(c);
  }
  if (c >= "a" && c <= "z") {
    return c.charCodeAt(0) - 97 + 10;
  }
  return c >= "A" && c <= "Z" ? c.charCodeAt(0) - 65 + 36 : fail();
}
