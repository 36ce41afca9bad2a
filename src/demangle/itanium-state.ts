import type { Node, Template, TemplateParam } from "./itanium-ast.js";
import { fail, MAX_DEPTH, MAX_STEPS } from "./limits.js";

/**
 * The mutually recursive productions of the ABI's grammar. A file of the parser imports only files
 * below it, with `itanium-encoding.ts` at the top and this file at the bottom, and calls higher
 * productions through this interface; `itanium.ts` connects them.
 */
export interface Grammar {
  encoding(s: ParserState): Node;
  name(s: ParserState): Node;
  type(s: ParserState): Node;
  expression(s: ParserState): Node;
  exprPrimary(s: ParserState): Node;
}

/** The state of the parser at a position of the symbol: substitutions, template scope. */
export class ParserState {
  pos = 0;
  depth = 0;
  steps = 0;

  /** Substitution candidates in the order of the ABI, `S_` first (section 5.1.10). */
  readonly substitutions: Node[] = [];

  /** The function template whose arguments `T_` refers to. */
  template: Template | undefined;

  /** Positive inside the signature of a lambda, where `T_` is an `auto`. */
  lambdaDepth = 0;
  /** The declared template parameters of the lambda (`Ty`, `Tn`, ...). */
  lambdaDeclared: string[] = [];

  /** In a conversion operator's type: parameters to bind to the template arguments after it. */
  unbound: TemplateParam[] | undefined;
  /** Set while that type is read: `I...E` may be the operator's own arguments. */
  inConversionType = false;

  constructor(
    readonly text: string,
    readonly grammar: Grammar,
  ) {}

  peek(offset = 0): string {
    return this.text.charAt(this.pos + offset);
  }

  /** Skips `expected` if it comes next. */
  accept(expected: string): boolean {
    if (!this.text.startsWith(expected, this.pos)) {
      return false;
    }
    this.pos += expected.length;
    return true;
  }

  expect(expected: string): void {
    if (!this.accept(expected)) {
      fail();
    }
  }

  atEnd(): boolean {
    return this.pos >= this.text.length;
  }

  /** Returns and skips the next character; fails at the end. */
  next(): string {
    const c = this.text.charAt(this.pos);
    if (c === "") {
      fail();
    }
    this.pos++;
    return c;
  }

  /** Runs a production one level deeper; fails beyond the maximum depth. */
  nested<T>(production: () => T): T {
    if (++this.depth > MAX_DEPTH) {
      fail();
    }
    const result = production();
    this.depth--;
    return result;
  }

  /** Counts a step of work that the length of the input does not limit. */
  step(): void {
    if (++this.steps > MAX_STEPS) {
      fail();
    }
  }

  addSubstitution(node: Node): void {
    this.substitutions.push(node);
  }

  /** <number> without sign. */
  number(): number {
    const start = this.pos;
    while (isDigit(this.peek())) {
      this.pos++;
    }
    // Ten digits suffice for any length or index in a symbol that fits in memory.
    if (this.pos === start || this.pos - start > 10) {
      fail();
    }
    return Number(this.text.slice(start, this.pos));
  }

  /** [n] <number> as text. */
  signedDigits(): string {
    const start = this.pos;
    this.accept("n");
    const digits = this.pos;
    while (isDigit(this.peek())) {
      this.pos++;
    }
    if (this.pos === digits) {
      fail();
    }
    return this.text.slice(start, this.pos).replace("n", "-");
  }

  /** `_` is 0, `0_` is 1, and so on, as in <template-param> and closure numbers. */
  compactNumber(): number {
    if (this.accept("_")) {
      return 0;
    }
    const n = this.number();
    this.expect("_");
    return n + 1;
  }

  /** <seq-id> `_`: like {@link compactNumber}, in base 36 with digits and upper-case letters. */
  sequenceId(): number {
    if (this.accept("_")) {
      return 0;
    }
    const start = this.pos;
    while (isDigit(this.peek()) || isUpper(this.peek())) {
      this.pos++;
    }
    if (this.pos === start || this.pos - start > 8) {
      fail();
    }
    const n = Number.parseInt(this.text.slice(start, this.pos), 36);
    this.expect("_");
    return n + 1;
  }

  /** Returns a function that resets the parser to this position. */
  mark(): () => void {
    const pos = this.pos;
    const count = this.substitutions.length;
    const unbound = this.unbound?.length ?? 0;
    return () => {
      this.pos = pos;
      this.substitutions.length = count;
      if (this.unbound) {
        this.unbound.length = unbound;
      }
    };
  }
}

export function isDigit(c: string): boolean {
  return c >= "0" && c <= "9";
}

export function isUpper(c: string): boolean {
  return c >= "A" && c <= "Z";
}

export function isLower(c: string): boolean {
  return c >= "a" && c <= "z";
}
